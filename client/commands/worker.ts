import { Command } from 'commander';

import { runProgram } from '../run-program.js';

const EXAMPLES = `
Examples:
  $ canton-migrate worker --config worker.yaml
  $ TEMPORAL_ADDRESS=temporal.example:7233 canton-migrate worker --config worker.yaml

worker.yaml:
  participants:
    old:
      admin: { address: 'old.example:5002', token: '\${OLD_TOKEN}', tls: { ca: ca.pem } }
      ledger: { address: 'old.example:5001', token: '\${OLD_TOKEN}', tls: { ca: ca.pem } }
    new:
      admin: { address: 'new.example:5002', token: '\${NEW_TOKEN}', tls: { ca: ca.pem } }
      ledger: { address: 'new.example:5001', token: '\${NEW_TOKEN}', tls: { ca: ca.pem } }
  spool: /var/lib/canton-migrate`;

export function workerCommand(): Command {
  return new Command('worker')
    .description('run a worker: the process that talks to the participants')
    .requiredOption('--config <file>', 'configuration, YAML or JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ config }: { config: string }) => {
      process.exitCode = await runProgram('worker', ['--config', config]);
    });
}
