import { Command } from 'commander';

import {
  addCommonOptions,
  addIdentityOption,
  findNamed,
  NAMED,
  withClient,
  type CommonOptions,
} from '../command-options.js';
import { AbortedError } from '../errors.js';
import type { MigrationClient } from '../index.js';
import { renderAbortPreview } from '../render/abort-preview.js';
import { renderWithdrawal } from '../render/status.js';
import type { Terminal } from '../terminal.js';

interface AbortOptions extends CommonOptions {
  as: string;
  yes?: boolean;
}

const EXAMPLES = `
Examples:
  $ canton-migrate abort
  $ canton-migrate abort 'old::1220...' --yes --json

The source goes on serving and the target is left without the contracts. Refused after the point of no return.`;

/** Nobody is asked about one that has ended: the answer says how. */
async function isConfirmed(client: MigrationClient, terminal: Terminal, id: string): Promise<boolean> {
  const { execution, status } = await client.status(id);
  if (execution !== 'running') return true;
  const preview = terminal.isInteractive ? await client.abortPreview(id) : undefined;
  if (preview && status) terminal.print(renderAbortPreview(preview, status, terminal.style));
  return terminal.confirm(`Abort ${id}?`);
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
        if (!options.yes && !(await isConfirmed(client, terminal, id)))
          return terminal.next('nothing was aborted: canton-migrate status');
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
