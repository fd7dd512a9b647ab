import { Command } from 'commander';

import {
  addCommonOptions,
  addIdentityOption,
  findNamed,
  NAMED,
  toNumber,
  withClient,
  type CommonOptions,
} from '../command-options.js';
import { renderTuning } from '../render/status.js';

interface RetuneOptions extends CommonOptions {
  as: string;
  targetSeconds?: number;
  contractsPerSecond?: number | 'none';
}

const EXAMPLES = `
Examples:
  $ canton-migrate retune --contracts-per-second 500
  $ canton-migrate retune --target-seconds 10 --contracts-per-second none

Takes effect within a second, also in the import call that runs; nothing is restarted.`;

export function retuneCommand(): Command {
  return addIdentityOption(addCommonOptions(new Command('retune')))
    .description('change how fast contracts are transferred')
    .argument('[migration]', NAMED)
    .option('--target-seconds <n>', 'how long one import call should take, 1 to 60', toNumber)
    .option(
      '--contracts-per-second <n|none>',
      'contracts imported per second at most, 1 to 1000000',
      (text: string) => (text === 'none' ? text : toNumber(text)),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (reference: string | undefined, options: RetuneOptions, command: Command) => {
      const { as: by, targetSeconds, contractsPerSecond } = options;
      if (targetSeconds === undefined && contractsPerSecond === undefined) {
        command.error('error: expected --target-seconds, --contracts-per-second or both, found neither');
      }
      await withClient(options, async (client, terminal) => {
        const id = await findNamed(client, terminal, reference);
        const tuning = await client.retune(id, {
          by,
          ...(targetSeconds !== undefined && { targetSeconds }),
          ...(contractsPerSecond !== undefined && {
            contractsPerSecond: contractsPerSecond === 'none' ? null : contractsPerSecond,
          }),
        });
        terminal.print(`${id} has a new pace`);
        if (tuning) terminal.print(renderTuning(tuning));
        terminal.printJson({ id, by, ...tuning });
        terminal.next('canton-migrate status --watch');
      });
    });
}
