import { Command } from 'commander';

import { cureOfTaken, describeTaken } from '../../model/claim.js';
import { migrationId, type HashedPlan } from '../../model/plan.js';
import { MIGRATION_REQUEST_SCHEMA } from '../../model/request.js';
import { shown } from '../../model/shown-text.js';
import {
  addCommonOptions,
  findNamed,
  NAMED,
  addRequestOptions,
  requestArguments,
  withClient,
  withRequest,
  type CommonOptions,
  type RequestOptions,
} from '../command-options.js';
import { MigrationError, RefusedError } from '../errors.js';
import type { MigrationClient } from '../index.js';
import { renderPlan } from '../render/plan.js';
import { EXIT, type Terminal } from '../terminal.js';
import { startFormUrl, UI_VARIABLE } from '../ui.js';

interface PlanOptions extends CommonOptions, RequestOptions {
  schema?: boolean;
}

const EXAMPLES = `
Examples:
  $ canton-migrate plan --source old --target new \\
      --source-synchronizer main --target-synchronizer next
  $ canton-migrate plan --request migration.json --json > plan.json
  $ canton-migrate plan old
  $ canton-migrate plan --schema > migration-request.schema.json

With many parties --json has their list by reference only: canton-migrate parties --request <file> --json.
Changes nothing. Exit code 3: there are obstacles, each with its cure.`;

export function planCommand(): Command {
  const command = new Command('plan').description(
    'show what a migration would do, and what stands in its way',
  );
  return addCommonOptions(addRequestOptions(command))
    .argument('[migration]', `the plan that this one follows; ${NAMED}`)
    .option('--schema', 'print the JSON Schema of the request and exit')
    .addHelpText('after', EXAMPLES)
    .action(async (reference: string | undefined, options: PlanOptions, command: Command) => {
      if (options.schema) {
        process.stdout.write(`${JSON.stringify(MIGRATION_REQUEST_SCHEMA, null, 2)}\n`);
        return;
      }
      if (reference === undefined) return planRequest(options);
      if (requestArguments(options) !== '')
        command.error('error: found a migration and a request, expected one of the two');
      await showPlan(reference, options);
    });
}

/** The plan that a migration follows. */
async function showPlan(reference: string, options: CommonOptions): Promise<void> {
  await withClient(options, async (client, terminal) => {
    const id = await findNamed(client, terminal, reference);
    const planned = await client.planOf(id);
    if (!planned) {
      const next = 'wait for it: canton-migrate status --watch';
      throw new MigrationError('refused', 'PlanPending', 'the migration has no plan yet', next);
    }
    terminal.print(renderPlan(planned, terminal.style));
    terminal.printJson(planned);
    terminal.next('canton-migrate status');
  });
}

async function planRequest(options: PlanOptions): Promise<void> {
  await withRequest(options, async (client, terminal, request) => {
    const planned = await client.plan(request);
    // Its findings would be about a state that the lost migration made.
    await client.requireNothingLost(planned);
    const taken = shown(planned.taken ?? []);
    for (const its of taken) terminal.print(terminal.style.notice(describeTaken(its)));
    terminal.print(renderPlan(planned, terminal.style));
    const { obstacles } = planned.plan;
    if (obstacles.length > 0 && !terminal.isJson) {
      const names = obstacles.map(({ type }) => type).join(', ');
      throw new RefusedError('PlanObstructed', names, planned);
    }
    terminal.printJson(planned);
    if (obstacles.length > 0) process.exitCode = EXIT.refused;
    const [first] = taken;
    if (first) return terminal.next(`before it can start: ${cureOfTaken(first)}`);
    printStartForm(client, terminal, planned, options.taskQueue);
    terminal.next(`canton-migrate start ${requestArguments(options)} --plan-hash ${planned.hash}`);
  });
}

/** Where the UI is known, what starts this migration there. */
function printStartForm(
  client: MigrationClient,
  terminal: Terminal,
  { plan }: HashedPlan,
  taskQueue: string,
): void {
  const ui = process.env[UI_VARIABLE];
  if (!ui) return;
  const { namespace } = client;
  const url = startFormUrl(ui, { namespace, taskQueue, workflowId: migrationId(plan.source.uid) });
  const input = JSON.stringify(plan.request);
  terminal.print(`Or in Temporal's UI, with the input below:\n  ${url}\n  ${input}`);
}
