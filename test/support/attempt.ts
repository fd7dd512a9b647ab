import type { Info } from '@temporalio/activity';
import { callingAs, environmentOf } from './calling.js';
import { SILENT, temporalOf } from './stack.js';

/** One attempt of an activity, as a worker runs it. */
export interface Attempt<Result> {
  result: Promise<Result>;
  /** What it said about itself so far, newest last. */
  heartbeats: unknown[];
  /** Asks it to end, as Temporal does. */
  cancel: () => void;
}

/** Starts an activity in an environment of its own; `onHeartbeat` is called with each of its heartbeats. */
export function attempt<
  Functions extends Record<Name, (input: never) => Promise<unknown>>,
  Name extends keyof Functions & string,
>(
  activities: Functions,
  name: Name,
  input: Parameters<Functions[Name]>[0],
  onHeartbeat: (details: unknown) => void = () => undefined,
  more: Partial<Info> = {},
): Attempt<Awaited<ReturnType<Functions[Name]>>> {
  const options = { logger: SILENT, client: temporalOf() };
  const environment = environmentOf(callingAs(name, input), more, options);
  const heartbeats: unknown[] = [];
  environment.on('heartbeat', (details) => {
    heartbeats.push(details);
    onHeartbeat(details);
  });
  const run = () => activities[name](input) as Promise<Awaited<ReturnType<Functions[Name]>>>;
  const result = environment.run<[], Awaited<ReturnType<Functions[Name]>>, typeof run>(run);
  // A test may look at it later, or never.
  result.catch(() => undefined);
  return { result, heartbeats, cancel: () => environment.cancel('CANCELLED') };
}
