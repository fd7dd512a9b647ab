import { Runtime } from '@temporalio/worker';
import type { Logger as PinoLogger } from 'pino';

import { whyNotListening } from './addresses.js';
import { sdkLogger } from './logging.js';
import { ConfigurationError, type WorkerOptions } from './options.js';

/** Starts the runtime of the SDK, with the metrics if they are configured. It leaves signals to us. */
export function installRuntime({ metricsAddress }: WorkerOptions, log: PinoLogger): void {
  const metrics =
    metricsAddress === undefined ? {} : { metrics: { prometheus: { bindAddress: metricsAddress } } };
  try {
    Runtime.install({
      // It would ignore them as long as there is no worker yet.
      shutdownSignals: [],
      logger: sdkLogger(log),
      telemetryOptions: {
        logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
        ...metrics,
      },
    });
  } catch (error) {
    const { message } = error as Error;
    if (metricsAddress === undefined || !message.includes('metrics exporter')) throw error;
    const code = /in use/.test(message)
      ? 'EADDRINUSE'
      : /denied/.test(message)
        ? 'EACCES'
        : /assign requested/.test(message)
          ? 'EADDRNOTAVAIL'
          : undefined;
    throw new ConfigurationError([whyNotListening('metrics.address', metricsAddress, code, message)]);
  }
}
