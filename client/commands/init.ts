import { Command } from 'commander';

import { runProgram } from '../run-program.js';

const EXAMPLES = `
Asks on the terminal what no option answers; without one every question has to be answered, or --yes takes its default.
Tokens are named by environment variables, and never stored. Participants that answer are asked for their synchronizers.
Nothing is written before the last answer, and no file is replaced that nobody said may be.

Examples:
  $ canton-migrate init
  $ canton-migrate init --yes --source-admin localhost:4002 --source-ledger localhost:4001 \\
      --target-admin localhost:4012 --target-ledger localhost:4011
  $ canton-migrate init --yes --source-admin old.example:5002 --source-ledger old.example:5001 \\
      --source-ca ca.pem --source-admin-token OLD_TOKEN --source-ledger-token OLD_TOKEN \\
      --target-admin new.example:5002 --target-ledger new.example:5001 \\
      --target-ca ca.pem --target-admin-token NEW_TOKEN --target-ledger-token NEW_TOKEN \\
      --source-synchronizer main --target-synchronizer next`;

/** Hands its options on as JSON: what asks the participants is not loaded into the CLI. */
export function initCommand(): Command {
  const command = new Command('init').description(
    "ask for addresses and write the worker's configuration and a request",
  );
  for (const role of ['source', 'target'] as const) {
    command
      .option(`--${role} <name>`, `name of the ${role} in configuration and requests`)
      .option(`--${role}-admin <host:port>`, 'its Admin API')
      .option(`--${role}-ledger <host:port>`, 'its Ledger API')
      .option(`--${role}-tls <yes|no>`, 'whether both are reached over TLS')
      .option(`--${role}-ca <file>`, 'PEM file of the certificate authority')
      .option(`--${role}-cert <file>`, 'PEM file of the client certificate')
      .option(`--${role}-key <file>`, 'PEM file of its private key')
      .option(`--${role}-admin-token <VARIABLE>`, 'environment variable with the token of its Admin API')
      .option(`--${role}-ledger-token <VARIABLE>`, 'the same of its Ledger API')
      .option(`--${role}-synchronizer <id>`, 'logical id, or alias on it');
  }
  return command
    .option('--route <plan|new-synchronizer|live>', 'plan: the plan chooses')
    .option('--spool <folder>', 'for exported contracts')
    .option('--lists <place>', 'for long lists: a folder, or s3://<bucket>/<prefix>')
    .option('--temporal-address <host:port>', 'unless its environment or profile says it')
    .option('--temporal-namespace <name>', 'unless its environment or profile says it')
    .option('--config <file>', 'configuration to write', 'worker.yaml')
    .option('--request <file>', 'request to write', 'migration.json')
    .option('--yes', 'take the default of whatever is not given')
    .option('--force', 'replace files that are there')
    .addHelpText('after', EXAMPLES)
    .action(async (options: object) => {
      process.exitCode = await runProgram('setup', ['init', JSON.stringify(options)]);
    });
}
