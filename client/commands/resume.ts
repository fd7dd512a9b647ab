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
  $ canton-migrate resume
  $ canton-migrate resume 'old::1220...' --as 'Ada Lovelace'`;

export function resumeCommand(): Command {
  return addIdentityOption(addCommonOptions(new Command('resume')))
    .description('continue after a pause, or retry after a failure has been dealt with')
    .argument('[migration]', NAMED)
    .addHelpText('after', EXAMPLES)
    .action(async (reference: string | undefined, options: CommonOptions & { as: string }) => {
      await withClient(options, async (client, terminal) => {
        const id = await findNamed(client, terminal, reference);
        await client.resume(id, { by: options.as });
        terminal.print(`${id} continues`);
        terminal.printJson({ id, by: options.as });
        terminal.next('canton-migrate status --watch');
      });
    });
}
