import { Command } from 'commander';

import {
  addCommonOptions,
  addIdentityOption,
  findNamed,
  NAMED,
  withClient,
  type CommonOptions,
} from '../command-options.js';

const EXAMPLES = `
Examples:
  $ canton-migrate repair
  $ canton-migrate repair 'old::1220...' --as 'Ada Lovelace'

Contracts with different content on the two nodes are never repaired: the command is refused then.`;

export function repairCommand(): Command {
  return addIdentityOption(addCommonOptions(new Command('repair')))
    .description('after a comparison: import missing contracts again, purge extra ones, compare again')
    .argument('[migration]', NAMED)
    .addHelpText('after', EXAMPLES)
    .action(async (reference: string | undefined, options: CommonOptions & { as: string }) => {
      await withClient(options, async (client, terminal) => {
        const id = await findNamed(client, terminal, reference);
        await client.repair(id, { by: options.as });
        terminal.print(
          `${id}: missing contracts are imported again and extra ones purged, then both nodes are compared again`,
        );
        terminal.printJson({ id, by: options.as });
        terminal.next('canton-migrate status --watch');
      });
    });
}
