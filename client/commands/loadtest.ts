import { Command, InvalidArgumentError, Option } from 'commander';

import { toNumber } from '../command-options.js';
import { runProgram } from '../run-program.js';

const HELP = `
It creates, transfers and settles contracts of the sample package lab-iou, which has to be vetted on both nodes, and
remembers the answers. When the source says that it no longer hosts the parties, or when told by
POST http://127.0.0.1:<hook port>/switch, it continues with the target. At its end (Ctrl-C, or --seconds) it compares
what it remembers with the node that serves, contract by contract: code 4 if anything is missing, there twice, or given
up by a client. Its tokens have to act as the parties. docs/loadtest.md says what an application has to do as well.

Examples:
  $ canton-migrate loadtest --config worker.yaml --source old --target new --hook-port 7171
  $ canton-migrate loadtest --config worker.yaml --source old --seconds 60 --rate 20
  $ curl -X POST http://127.0.0.1:7171/switch`;

/** Hands what the options say on as JSON: `LoadTestOptions` of the load test, which runs in a process of its own. */
export function loadtestCommand(): Command {
  return new Command('loadtest')
    .description(
      'run commands against a ledger while it is migrated, and check that nothing was lost or executed twice',
    )
    .requiredOption('--config <file>', "the worker's configuration, YAML or JSON")
    .requiredOption('--source <name>', 'participant that serves, by its name in the configuration')
    .option('--target <name>', 'participant that serves after the switch')
    .option('--parties <n>', 'use the first parties that a migration would move', whole(1, 100), 3)
    .addOption(new Option('--party <id...>', 'use this party, may be repeated').conflicts('parties'))
    .option('--clients <n>', 'clients, each with one command at a time', whole(1, 1_000), 3)
    .option('--rate <n>', 'commands per second, of all clients together', between(0.01, 10_000), 8)
    .option('--seed <n>', 'the same seed picks the same commands', whole(0, 2 ** 31))
    .option('--seconds <n>', 'how long it runs; until Ctrl-C if left out', between(1, 10_000_000))
    .option(
      '--hook-port <port>',
      'serve POST /switch, POST /marks/<event> and GET /report there',
      whole(0, 65_535),
    )
    .option('--json', 'print JSON for scripts: a line at the start, one at the end')
    .addHelpText('after', HELP)
    .action(async (options: object) => {
      process.exitCode = await runProgram('loadtest', [JSON.stringify(options)]);
    });
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = toNumber(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
  };
}

function between(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = toNumber(text);
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected a number from ${least} to ${most}`);
  };
}
