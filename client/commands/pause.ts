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
  $ canton-migrate pause
  $ canton-migrate pause 'old::1220...' --as 'Ada Lovelace'`;

export function pauseCommand(): Command {
  return addIdentityOption(addCommonOptions(new Command('pause')))
    .description('pause a migration before its next step')
    .argument('[migration]', NAMED)
    .addHelpText('after', EXAMPLES)
    .action(async (reference: string | undefined, options: CommonOptions & { as: string }) => {
      await withClient(options, async (client, terminal) => {
        const id = await findNamed(client, terminal, reference);
        await client.pause(id, { by: options.as });
        terminal.print(`${id} pauses before its next step`);
        terminal.printJson({ id, by: options.as });
        terminal.next('canton-migrate resume');
      });
    });
}
