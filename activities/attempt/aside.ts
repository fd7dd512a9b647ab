import { asyncLocalStorage, Context } from '@temporalio/activity';

const SILENT = {
  log: () => undefined,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/**
 * Runs what activities read by without being one, in a process that may have no Temporal: nobody hears its heartbeats,
 * and nothing cancels it but `signal`. Whatever asks Temporal, as every change of a node does, fails.
 */
export function asideOf<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const never = new Promise<never>(() => undefined);
  const info = { heartbeatDetails: undefined };
  const context = new Context(
    info as Context['info'],
    never,
    signal,
    () => undefined,
    undefined,
    SILENT,
    {} as Context['metricMeter'],
    {},
  );
  return asyncLocalStorage.run(context, work);
}
