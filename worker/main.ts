/** Runs a worker: `worker/main.js --config <file>`. Exit codes: 0 stopped, 1 unexpected, 2 usage. */
import { parseArgs } from 'node:util';

import { ConfigurationError, readWorkerOptions } from './options.js';
import { runWorker } from './index.js';

const UNEXPECTED = 1;
const USAGE = 2;

try {
  const { values } = parseArgs({ options: { config: { type: 'string' } } });
  if (values.config === undefined) throw new ConfigurationError(['--config: missing, expected a file']);
  await runWorker(readWorkerOptions(values.config));
} catch (error) {
  const isUsage = error instanceof ConfigurationError || isParseError(error);
  const next = isUsage
    ? 'correct the configuration and start the worker again'
    : 'check that Temporal is up and TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE name it, then start the worker again';
  process.stderr.write(`${(error as Error).message}\nnext: ${next}\n`);
  // The runtime of the SDK would keep the process alive.
  process.exit(isUsage ? USAGE : UNEXPECTED);
}

function isParseError(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
}
