import { Command } from 'commander';

import { cureOfTaken, describeTaken } from '../../model/claim.js';
import { MIGRATION_REQUEST_SCHEMA } from '../../model/request.js';
import { shown } from '../../model/shown-text.js';
import {
  addCommonOptions,
  addRequestOptions,
  requestArguments,
  withRequest,
  type CommonOptions,
  type RequestOptions,
} from '../command-options.js';
import { RefusedError } from '../errors.js';
import { renderPlan } from '../render/plan.js';
import { EXIT } from '../terminal.js';

const EXAMPLES = `
Examples:
  $ canton-migrate plan --source old --target new \\
      --source-synchronizer main --target-synchronizer next
  $ canton-migrate plan --request migration.json --json > plan.json
  $ canton-migrate plan --schema > migration-request.schema.json

With many parties --json has their list by reference only: canton-migrate parties --request <file> --json.
Changes nothing. Exit code 3: there are obstacles, each with its cure.`;

export function planCommand(): Command {
  const command = new Command('plan').description(
    'show what a migration would do, and what stands in its way',
  );
  return addCommonOptions(addRequestOptions(command))
    .option('--schema', 'print the JSON Schema of the request and exit')
    .addHelpText('after', EXAMPLES)
    .action(async (options: CommonOptions & RequestOptions & { schema?: boolean }) => {
      if (options.schema) {
        process.stdout.write(`${JSON.stringify(MIGRATION_REQUEST_SCHEMA, null, 2)}\n`);
        return;
      }
      await withRequest(options, async (client, terminal, request) => {
        const planned = await client.plan(request);
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
        terminal.next(`canton-migrate start ${requestArguments(options)} --plan-hash ${planned.hash}`);
      });
    });
}
