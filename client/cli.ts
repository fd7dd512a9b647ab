#!/usr/bin/env node
import { Command, CommanderError } from 'commander';

import { abortCommand } from './commands/abort.js';
import { approveCommand } from './commands/approve.js';
import { closeCommand } from './commands/close.js';
import { codecServerCommand } from './commands/codec-server.js';
import { completionCommand } from './commands/completion.js';
import { doctorCommand } from './commands/doctor.js';
import { initCommand } from './commands/init.js';
import { listCommand } from './commands/list.js';
import { loadtestCommand } from './commands/loadtest.js';
import { parkCommand } from './commands/park.js';
import { partiesCommand } from './commands/parties.js';
import { pauseCommand } from './commands/pause.js';
import { planCommand } from './commands/plan.js';
import { provideSignatureCommand } from './commands/provide-signature.js';
import { recoverCommand } from './commands/recover.js';
import { repairCommand } from './commands/repair.js';
import { reportCommand } from './commands/report.js';
import { resumeCommand } from './commands/resume.js';
import { retuneCommand } from './commands/retune.js';
import { sandboxCommand } from './commands/sandbox.js';
import { signaturesCommand } from './commands/signatures.js';
import { startCommand } from './commands/start.js';
import { statusCommand } from './commands/status.js';
import { workerCommand } from './commands/worker.js';
import { EXIT } from './terminal.js';
import { version } from './version.js';

const HELP = `
Temporal is found by its own variables and profiles: TEMPORAL_ADDRESS (localhost:7233), TEMPORAL_NAMESPACE, ...

Exit codes: 0 done, 1 unexpected, 2 usage, 3 refused, 4 not equal. The last line says what to do next.

Examples:
  $ canton-migrate worker --config worker.yaml
  $ canton-migrate plan --request migration.json
  $ canton-migrate start --request migration.json
  $ canton-migrate status --watch`;

const commands = [
  initCommand(),
  doctorCommand(),
  planCommand(),
  startCommand(),
  statusCommand(),
  listCommand(),
  partiesCommand(),
  approveCommand(),
  signaturesCommand(),
  provideSignatureCommand(),
  pauseCommand(),
  resumeCommand(),
  retuneCommand(),
  repairCommand(),
  abortCommand(),
  recoverCommand(),
  parkCommand(),
  closeCommand(),
  reportCommand(),
  workerCommand(),
  codecServerCommand(),
  loadtestCommand(),
  sandboxCommand(),
  completionCommand(),
];

const program = new Command('canton-migrate')
  .description('Move a Canton participant to a new, KMS-backed participant with the same namespace.')
  .version(version())
  .addHelpText('after', HELP);
for (const command of commands) program.addCommand(command);
for (const command of [program, ...commands, ...commands.flatMap((its) => its.commands)]) {
  command
    .exitOverride()
    .showHelpAfterError(`next: canton-migrate ${nameOf(command)}--help shows the options`);
}

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.done);
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (process.exitCode === EXIT.usage && process.argv.includes('--json')) {
    const next = 'canton-migrate --help shows the options';
    const failure = { kind: 'usage', type: 'OptionInvalid', message: error.message, next };
    process.stdout.write(`${JSON.stringify({ error: failure })}\n`);
  }
}

function nameOf(command: Command): string {
  if (command === program) return '';
  return `${command.parent ? nameOf(command.parent) : ''}${command.name()} `;
}
