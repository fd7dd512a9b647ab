import { Command, InvalidArgumentError } from 'commander';

import type { RetuneInput } from '../../model/steering.js';
import {
  addCommonOptions,
  addIdentityOption,
  withClient,
  type CommonOptions,
} from '../command-options.js';
import { MigrationError } from '../errors.js';

interface RetuneOptions extends CommonOptions {
  as: string;
  targetSeconds?: number;
  contractsPerSecond?: number | null;
}

const EXAMPLES = `
Examples:
  $ canton-migrate retune --contracts-per-second 500
  $ canton-migrate retune --target-seconds 10 --contracts-per-second none

Holds from the next import call on; nothing is restarted.`;

export function retuneCommand(): Command {
  return addIdentityOption(addCommonOptions(new Command('retune')))
    .description('change how fast contracts are transferred')
    .argument('[migration]', 'id, or uid of the source')
    .option('--target-seconds <n>', 'how long one import call should take, 1 to 60', number)
    .option(
      '--contracts-per-second <n|none>',
      'contracts imported in a second at most, 1 to 1000000',
      (text: string) => (text === 'none' ? null : number(text)),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (reference: string | undefined, options: RetuneOptions) => {
      await withClient(options, async (client, terminal) => {
        const { targetSeconds, contractsPerSecond } = options;
        const input: RetuneInput = {
          by: options.as,
          ...(targetSeconds !== undefined && { targetSeconds }),
          ...(contractsPerSecond !== undefined && { contractsPerSecond }),
        };
        if (targetSeconds === undefined && contractsPerSecond === undefined) {
          const message = 'found neither --target-seconds nor --contracts-per-second, expected one';
          throw new MigrationError('usage', 'AnswerMissing', message, 'repeat the command with one');
        }
        const id = await client.find(reference);
        await client.retune(id, input);
        terminal.print(`${id} goes at the new pace from its next import call on`);
        terminal.printJson({ id, ...input });
        terminal.next('canton-migrate status --watch');
      });
    });
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number');
  return value;
}
