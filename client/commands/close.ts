import { Command } from 'commander';

import {
  addCommonOptions,
  addIdentityOption,
  findNamed,
  NAMED,
  withClient,
  type CommonOptions,
} from '../command-options.js';
import { renderReport } from '../render/report.js';

interface CloseOptions extends CommonOptions {
  as: string;
  force?: boolean;
}

const EXAMPLES = `
Examples:
  $ canton-migrate close
  $ canton-migrate close 'old::1220...' --as 'Ada Lovelace' --json

Stop the process of the source first. It is not monitored afterwards. Refused unless a last check finds the source
parked or stopped.`;

export function closeCommand(): Command {
  return addIdentityOption(addCommonOptions(new Command('close')))
    .description('end the source watch of a finished migration, and print what is still to do by hand')
    .argument('[migration]', NAMED)
    .option('--force', 'close even if the source is connected, or cannot be read')
    .addHelpText('after', EXAMPLES)
    .action(async (reference: string | undefined, options: CloseOptions) => {
      await withClient(options, async (client, terminal) => {
        const id = await findNamed(client, terminal, reference);
        const input = { by: options.as, ...(options.force && { force: true }) };
        const report = await client.closeMigration(id, input);
        terminal.print(renderReport(report, terminal.style));
        terminal.printJson({ id, report });
        terminal.next('do what is still to do by hand');
      });
    });
}
