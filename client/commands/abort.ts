import { Command } from 'commander';

import { shown } from '../../model/shown-text.js';
import type { MigrationStatus } from '../../model/steering.js';
import {
  addCommonOptions,
  addIdentityOption,
  findNamed,
  NAMED,
  withClient,
  type CommonOptions,
} from '../command-options.js';
import { AbortedError } from '../errors.js';
import { renderWithdrawal } from '../render/status.js';

interface AbortOptions extends CommonOptions {
  as: string;
  yes?: boolean;
}

const EXAMPLES = `
Examples:
  $ canton-migrate abort
  $ canton-migrate abort 'old::1220...' --yes --json

The source goes on serving and the target is left without the contracts. Refused after the point of no return.`;

/** What whoever is asked about an abort has to know; what stays, and why, only the abort itself finds out. */
function wouldWithdraw(status: MigrationStatus): string {
  const begun = shown(status).phases.filter(({ state }) => state === 'running' || state === 'done');
  if (begun.length === 0) return 'Nothing was changed yet.';
  return [
    'An abort takes back, as far as it can be taken back:',
    ...begun.map(({ phase, changed }) => `  ${phase}: ${changed.join('; ') || 'what it has begun'}`),
    'What stays, such as a delegation, is listed with the reason once it is done.',
  ].join('\n');
}

export function abortCommand(): Command {
  return addIdentityOption(addCommonOptions(new Command('abort')))
    .description('end a migration and undo its changes')
    .argument('[migration]', NAMED)
    .option('--yes', 'abort without asking')
    .addHelpText('after', EXAMPLES)
    .action(async (reference: string | undefined, options: AbortOptions) => {
      await withClient(options, async (client, terminal) => {
        const id = await findNamed(client, terminal, reference);
        if (!options.yes && terminal.isInteractive) {
          const { status } = await client.status(id);
          if (status) terminal.print(wouldWithdraw(status));
        }
        if (!options.yes && !(await terminal.confirm(`Abort ${id}?`))) {
          return terminal.next('nothing was aborted: canton-migrate status');
        }
        await client.abort(id, { by: options.as });
        terminal.print('undoing what was done');
        try {
          await client.result(id);
        } catch (error) {
          if (!(error instanceof AbortedError)) throw error;
          const { withdrawal } = error;
          if (withdrawal) terminal.print(renderWithdrawal(withdrawal, terminal.style));
          terminal.printJson({ id, withdrawal });
          terminal.next(error.next);
        }
      });
    });
}
