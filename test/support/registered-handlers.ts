import { AsyncLocalStorage } from 'node:async_hooks';

// As the worker provides it to workflow code.
Object.assign(globalThis, { AsyncLocalStorage });

/** A handler as workflow code registers it with the SDK. */
export interface RegisteredHandler {
  kind: 'signal' | 'update' | 'query';
  name: string;
  handler: (...args: unknown[]) => unknown;
  validator?: (...args: unknown[]) => void;
}

const NEVER = new Promise<never>(() => undefined);

/** Also what a run takes off again at its end. */
class Registered<Entry> extends Map<string, Entry> {
  override delete(): boolean {
    return false;
  }
}

/**
 * Runs `work` as workflow code outside of Temporal, where nothing that it waits for ever happens, and returns every
 * handler that it registers: whatever is added later is among them.
 */
export async function registeredHandlers(
  info: object,
  work: () => unknown,
): Promise<{ handlers: RegisteredHandler[]; hasDefaults: boolean }> {
  type Entry = { handler: RegisteredHandler['handler']; validator?: RegisteredHandler['validator'] };
  const kinds = { signal: new Registered<Entry>(), update: new Registered(), query: new Registered() };
  const { RootCancellationScope } = await import('@temporalio/workflow/lib/cancellation-scope.js');
  const activator = {
    info: { unsafe: {}, searchAttributes: {}, ...info },
    signalHandlers: kinds.signal,
    updateHandlers: kinds.update,
    queryHandlers: kinds.query,
    dispatchBufferedSignals: () => undefined,
    dispatchBufferedUpdates: () => undefined,
    pushCommand: () => undefined,
    bindCurrentRandom: (work: unknown) => work,
    mutateWorkflowInfo: () => undefined,
    nextSeqs: { condition: 1, activity: 1, timer: 1, childWorkflow: 1 },
    blockedConditions: new Map(),
    completions: { activity: new Map(), timer: new Map() },
    interceptors: { inbound: [], outbound: [{ scheduleActivity: () => NEVER }] },
    rootScope: new RootCancellationScope(),
  } as { defaultSignalHandler?: unknown; defaultUpdateHandler?: unknown; defaultQueryHandler?: unknown };
  (globalThis as { __TEMPORAL_ACTIVATOR__?: unknown }).__TEMPORAL_ACTIVATOR__ = activator;
  // How it ends, or that it never does, says nothing here.
  Promise.resolve(work()).catch(() => undefined);
  // Handlers are registered before anything is waited for, or soon after.
  await new Promise(setImmediate);
  const handlers = Object.entries(kinds).flatMap(([kind, entries]) =>
    [...(entries as Map<string, Entry>)].map(([name, { handler, validator }]) => ({
      kind: kind as RegisteredHandler['kind'],
      name,
      handler,
      ...(validator && { validator }),
    })),
  );
  const { defaultSignalHandler, defaultUpdateHandler, defaultQueryHandler } = activator;
  const defaults = [defaultSignalHandler, defaultUpdateHandler, defaultQueryHandler];
  return { handlers, hasDefaults: defaults.some((its) => its !== undefined) };
}
