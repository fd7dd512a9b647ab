import { Command } from 'commander';

import { runProgram } from '../run-program.js';

const HELP = `
It creates, transfers and settles contracts of the sample package lab-iou, which has to be vetted on both nodes, and
remembers what it was answered. When the source says that it does not host the parties any more, or when told by
POST http://127.0.0.1:<hook port>/switch, it goes on with the target. At its end (Ctrl-C, or --seconds) it compares
what it remembers with the node that serves, contract by contract: code 4 if anything is missing, there twice, or given
up by a client. Its tokens have to act as the parties. docs/loadtest.md says what an application has to do likewise.

Examples:
  $ canton-migrate loadtest --config worker.yaml --source old --target new --hook-port 7171
  $ canton-migrate loadtest --config worker.yaml --source old --seconds 60 --rate 20
  $ curl -X POST http://127.0.0.1:7171/switch`;

interface LoadTestOptions {
  party?: string[];
  json?: boolean;
  [name: string]: string | string[] | boolean | undefined;
}

export function loadtestCommand(): Command {
  return new Command('loadtest')
    .description('use a ledger while it is migrated, and prove that nothing was lost or happened twice')
    .requiredOption('--config <file>', "the worker's configuration, YAML or JSON")
    .requiredOption('--source <name>', 'participant that serves, by its name in the configuration')
    .option('--target <name>', 'participant that serves after the switch')
    .option('--parties <n>', 'use the first parties that a migration would move (default: 3)')
    .option('--party <id...>', 'use this party, may be repeated')
    .option('--clients <n>', 'clients, each with one command at a time (default: 3)')
    .option('--rate <n>', 'commands per second, of all clients together (default: 8)')
    .option('--seed <n>', 'the same seed picks the same commands')
    .option('--seconds <n>', 'how long it runs; until Ctrl-C if left out')
    .option('--hook-port <port>', 'serve POST /switch, POST /marks/<event> and GET /report there')
    .option('--json', 'print JSON for scripts: a line at the start, one at the end')
    .addHelpText('after', HELP)
    .action(async (options: LoadTestOptions) => {
      process.exitCode = await runProgram('loadtest', argumentsOf(options));
    });
}

/** The options as they were given: what they mean is the program's business. */
function argumentsOf(options: LoadTestOptions): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (typeof value === 'string') return [`${option}=${value}`];
    if (Array.isArray(value)) return value.map((one) => `${option}=${one}`);
    return value === true ? [option] : [];
  });
}
