import { Command } from 'commander';

import {
  addCommonOptions,
  addIdentityOption,
  withClient,
  type CommonOptions,
} from '../command-options.js';

const EXAMPLES = `
Examples:
  $ canton-migrate park
  $ canton-migrate park 'old::1220...' --as 'Ada Lovelace'

After the cut-over, when the fence raised an alarm: disconnects the source everywhere, with manual connect.`;

export function parkCommand(): Command {
  return addIdentityOption(addCommonOptions(new Command('park')))
    .description('after the cut-over: park a source again that somebody connected')
    .argument('[migration]', 'id, or uid of the source')
    .addHelpText('after', EXAMPLES)
    .action(async (reference: string | undefined, options: CommonOptions & { as: string }) => {
      await withClient(options, async (client, terminal) => {
        const id = await client.find(reference);
        await client.park(id, { by: options.as });
        terminal.print(`${id}: the source is being parked`);
        terminal.printJson({ id, by: options.as });
        terminal.next('see whether it is: canton-migrate status');
      });
    });
}
