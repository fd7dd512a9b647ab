/** Runs a worker: `worker/main.js --config <file>`. Exit codes: 0 stopped, 1 unexpected, 2 configuration or usage. */
import { parseArgs } from 'node:util';

import { TemporalProblem } from '../temporal/problem.js';
import { ConfigurationError, readWorkerOptions } from './options.js';
import { runWorker } from './index.js';

const UNEXPECTED = 1;
const USAGE = 2;

// Whoever started us is gone, and nobody else could stop us; by itself the channel holds no process.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();

try {
  const { values } = parseArgs({ options: { config: { type: 'string' } } });
  if (values.config === undefined) throw new ConfigurationError(['--config: missing, expected a file']);
  await runWorker(readWorkerOptions(values.config));
} catch (error) {
  const { code, next } = toldOf(error);
  const type = error instanceof TemporalProblem ? `${error.type}: ` : '';
  process.stderr.write(`${type}${(error as Error).message}\nnext: ${next}\n`);
  // The runtime of the SDK would keep the process alive.
  process.exit(code);
}

function toldOf(error: unknown): { code: number; next: string } {
  if (error instanceof TemporalProblem)
    return { code: error.isOfSettings ? USAGE : UNEXPECTED, next: error.next };
  if (error instanceof ConfigurationError || isParseError(error))
    return { code: USAGE, next: 'correct the configuration and start the worker again' };
  return { code: UNEXPECTED, next: 'remove the cause and start the worker again' };
}

function isParseError(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
}
