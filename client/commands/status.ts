import { Command } from 'commander';

import {
  addCommonOptions,
  findNamed,
  NAMED,
  withClient,
  type CommonOptions,
} from '../command-options.js';
import { followToEnd, printOutcome } from '../follow-to-end.js';
import { nextOf, renderStatus } from '../render/status.js';

interface StatusOptions extends CommonOptions {
  watch?: boolean;
}

const EXAMPLES = `
Examples:
  $ canton-migrate status
  $ canton-migrate status 'old::1220...' --watch
  $ canton-migrate status --json | jq .status.state

A migration is named by the name or uid of its source or target, how that uid begins, or by its workflow id; the only open
one needs no name.`;

export function statusCommand(): Command {
  return addCommonOptions(new Command('status'))
    .description('show where a migration stands and what to do next')
    .argument('[migration]', NAMED)
    .option('--watch', 'follow it until the end; asks nothing')
    .addHelpText('after', EXAMPLES)
    .action(async (reference: string | undefined, options: StatusOptions) => {
      await withClient(options, async (client, terminal) => {
        const id = await findNamed(client, terminal, reference);
        if (options.watch) return followToEnd(client, id, terminal);
        const snapshot = await client.status(id);
        const hasEndedBadly = snapshot.execution === 'failed' && snapshot.status?.state !== 'aborted';
        if (hasEndedBadly && !terminal.isJson) return printOutcome(client, id, terminal);
        terminal.print(renderStatus(snapshot, terminal.style));
        terminal.printJson(snapshot);
        terminal.next(nextOf(snapshot));
      });
    });
}
