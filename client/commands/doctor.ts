import { Command } from 'commander';

import { runProgram } from '../run-program.js';

const EXAMPLES = `
It makes calls that read, and leaves nothing behind: no topology, no search attribute, no file. What only a change
would show is listed as not tried. Temporal is found as the worker finds it.

Examples:
  $ canton-migrate doctor --config worker.yaml
  $ canton-migrate doctor --config worker.yaml --request migration.json
  $ canton-migrate doctor --config worker.yaml --json | jq '.results[] | select(.status == "problem")'

Exit code 3: there are problems, each with what to do.`;

/** Hands its options on as JSON: the Canton clients and the configuration are not loaded into the CLI. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'check participants, tokens, disk and Temporal before a migration, without changing anything',
    )
    .requiredOption('--config <file>', "the worker's configuration, YAML or JSON")
    .option('--request <file>', 'a request as JSON: also say what its migration would still need')
    .option('--json', 'print JSON for scripts')
    .addHelpText('after', EXAMPLES)
    .action(async (options: object) => {
      process.exitCode = await runProgram('setup', ['doctor', JSON.stringify(options)]);
    });
}
