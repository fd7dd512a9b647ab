import { Command } from 'commander';

import { routeInWords } from '../../model/plan.js';
import {
  addCommonOptions,
  addIdentityOption,
  addRequestOptions,
  withRequest,
  type CommonOptions,
  type RequestOptions,
} from '../command-options.js';
import { followToEnd } from '../follow-to-end.js';
import { requireFree } from '../planning.js';
import { renderPlan } from '../render/plan.js';
import { migrationUrl, UI_VARIABLE } from '../ui.js';

interface StartOptions extends CommonOptions, RequestOptions {
  as: string;
  yes?: boolean;
  planHash?: string;
  watch?: boolean;
}

const EXAMPLES = `
Examples:
  $ canton-migrate start --source old --target new \\
      --source-synchronizer main --target-synchronizer next
  $ canton-migrate start --request migration.json --plan-hash 3f0c... --json

Shows the plan and asks before anything starts. The first change waits for an approval of its own:
  $ canton-migrate approve root-key`;

export function startCommand(): Command {
  const command = new Command('start').description('plan, ask, and start a migration');
  return addIdentityOption(addCommonOptions(addRequestOptions(command)))
    .option('--yes', 'start without asking')
    .option('--plan-hash <hash>', 'start, without asking, if the plan still has this hash')
    .option('--watch', 'follow the progress until the end (the default on a terminal)')
    .option('--no-watch', 'return once it is started')
    .addHelpText('after', EXAMPLES)
    .action(async (options: StartOptions) => {
      await withRequest(options, async (client, terminal, request) => {
        const planned = await client.plan(request);
        requireFree(planned);
        await client.requireNothingLost(planned);
        terminal.print(renderPlan(planned, terminal.style));
        const isClear = planned.plan.obstacles.length === 0;
        // A hash names the plan that was reviewed: nothing is left to ask.
        const isAnswered = options.yes ?? options.planHash !== undefined;
        const question = `Start this migration by the ${routeInWords(planned.plan)}?`;
        if (isClear && !isAnswered && !(await terminal.confirm(question))) {
          terminal.next('nothing was started; repeat the command when you are ready');
          return;
        }

        const hash = options.planHash ?? planned.hash;
        const id = await client.start(request, { planned, planHash: hash, by: options.as });
        terminal.print(`\nstarted ${id}`);
        const ui = process.env[UI_VARIABLE];
        if (ui) terminal.print(`in Temporal's UI: ${migrationUrl(ui, client.namespace, id)}`);
        terminal.printJson({ id, planHash: planned.hash });
        terminal.about(planned.plan.source.name);
        if (options.watch ?? terminal.isInteractive) {
          await followToEnd(client, id, terminal);
        } else {
          terminal.next(`canton-migrate status --watch`);
        }
      });
    });
}
