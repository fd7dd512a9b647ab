import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { join } from 'node:path';

import { createActivities, type Activities } from '../../activities/index.js';
import type { ParticipantAccess } from '../../model/participant-access.js';
import type { HashedPlan } from '../../model/plan.js';
import { callingAs, environmentOf as environmentWith } from './calling.js';
import { SPOOL_KEY } from './spool-key.js';
import { SILENT, temporalOf, type Stack } from './stack.js';
import { openLists, openReports } from '../../storage/open.js';

/** Longer than Temporal's answer to a heartbeat counts. */
const PROOF_IS_OVER_MS = 5_000;
const LONGEST_PAUSE_MS = 10;
/** Above what any attempt takes on a busy machine. */
const LIMIT_MS = 240_000;

/** What was seen of the attempts of one activity that were given to another worker. */
export interface Superseded {
  attempts: number;
  /** Those that were stopped at a change. */
  stopped: number;
  /** Those that another workflow than a migration scheduled, and that were refused for it. */
  refused: number;
  /** Changes that were let out, of whichever attempt. */
  changes: number;
}

/** The clock of the worker, which a test puts forward. */
interface Skew {
  ms: number;
}

/**
 * Every activity is run by a worker that is superseded at some call of it first: after none of its calls, after one, two,
 * four and so on. From then on it has to change nothing; then another worker does it all.
 */
export function supersededFirst(
  t: TestContext,
  stack: Pick<Stack, 'nodes' | 'sandbox' | 'spoolFolder'>,
  seen: Map<string, Superseded>,
): Activities {
  const skew = clockOf(t);
  const worker = new Worker(stack, skew);
  const calls = Object.keys(worker.activities).map((name) => [
    name,
    async (input: unknown) => {
      const its = seen.get(name) ?? { attempts: 0, stopped: 0, refused: 0, changes: 0 };
      seen.set(name, its);
      if (await worker.isRefusedToOthers(name, input)) its.refused += 1;
      const before = worker.letOut;
      let details: unknown;
      for (let after = 0; ; after = after === 0 ? 1 : after * 2) {
        const attempt = await worker.run(name, input, { details, after });
        details = attempt.details;
        its.attempts += 1;
        if (!attempt.isSuperseded || attempt.isDone) break;
        its.stopped += 1;
      }
      const result = await worker.result(name, input, details);
      its.changes += worker.letOut - before;
      return result;
    },
  ]);
  return Object.fromEntries(calls) as Activities;
}

function clockOf(t: TestContext): Skew {
  const skew = { ms: 0 };
  const now = performance.now.bind(performance);
  t.mock.method(performance, 'now', () => now() + skew.ms);
  return skew;
}

/** A worker whose activities say each time that a fence let a change out. */
class Worker {
  readonly activities: Activities;
  letOut = 0;
  /** Of the migration, once it is made. */
  planned: HashedPlan | undefined;

  constructor(
    private readonly stack: Pick<Stack, 'nodes' | 'sandbox' | 'spoolFolder'>,
    private readonly skew: Skew,
  ) {
    const counted = [...stack.nodes].map(([name, access]): [string, ParticipantAccess] => [
      name,
      {
        name,
        reading: (uid) => access.reading(uid),
        changing: (uid, fence) =>
          access.changing(uid, async () => {
            await fence();
            this.letOut += 1;
          }),
        close: () => access.close(),
      },
    ]);
    const spool = { folder: stack.spoolFolder, key: SPOOL_KEY };
    this.activities = createActivities({
      participants: new Map(counted),
      spool,
      lists: openLists(join(stack.spoolFolder, 'lists'), []),
      reports: { store: openReports(join(stack.spoolFolder, 'lists'), []) },
    });
  }

  /** One attempt that belongs to another worker as soon as `after` calls have reached the nodes. */
  async run(name: string, input: unknown, { details, after }: { details: unknown; after: number }) {
    const { calls, faults } = this.stack.sandbox;
    const [firstCall, before] = [calls.last, this.letOut];
    let letOutThen = before;
    let isSuperseded = after === 0;
    let reached = 0;
    const enter = faults.enter.bind(faults);
    faults.enter = (call, signal) => {
      reached += 1;
      if (!isSuperseded && reached >= after) {
        isSuperseded = true;
        this.skew.ms += PROOF_IS_OVER_MS;
        letOutThen = this.letOut;
      }
      return enter(call, signal);
    };
    const attempt = environmentOf([name, input], details, () => isSuperseded, this.planned);
    const outcome = await attempt.run(this.activities).then(
      () => undefined,
      (error: unknown) => error,
    );
    faults.enter = enter;

    const where = `${name}, superseded after ${after} calls: ${String(outcome)}`;
    const changes = calls.list({ isMutating: true, after: firstCall });
    if (isSuperseded) assert.equal(this.letOut, letOutThen, where);
    assert.ok(changes.length <= this.letOut - before, `${where}: ${JSON.stringify(changes)}`);
    return { isSuperseded, isDone: outcome === undefined, details: attempt.details() };
  }

  /** An attempt that a workflow of another type scheduled: it changes nothing. */
  async isRefusedToOthers(name: string, input: unknown): Promise<boolean> {
    const before = this.letOut;
    const right = callingAs(name, input);
    const by = { ...right, info: { ...right.info, workflowType: 'forged' } };
    const environment = environmentWith(by, {}, { logger: SILENT, client: temporalOf() });
    const all = this.activities as unknown as Record<string, (input: unknown) => Promise<unknown>>;
    const run = all[name]!;
    const limit = setTimeout(() => environment.cancel('TIMED_OUT'), LIMIT_MS);
    const outcome = await environment.run<[unknown], unknown, typeof run>(run, input).then(
      () => undefined,
      (error: { type?: string }) => error.type,
    );
    clearTimeout(limit);
    // A plan lets the target prove its keys, which leaves nothing.
    if (name !== 'readPlan') assert.equal(this.letOut, before, `${name} of a forged workflow`);
    return outcome === 'CallerNotAllowed';
  }

  /** The attempt of the worker that it was given to. */
  async result(name: string, input: unknown, details: unknown): Promise<unknown> {
    const attempt = environmentOf([name, input], details, () => false, this.planned);
    const result = await attempt.run(this.activities);
    if (name === 'readPlan') this.planned = result as HashedPlan;
    return result;
  }
}

/** No migration is open, and none was. */
async function* nothing() {}

/** An attempt as Temporal runs it; what it reports while it is the current one is what the next is given. */
function environmentOf(
  [name, input]: [name: string, input: unknown],
  before: unknown,
  isSuperseded: () => boolean,
  planned?: HashedPlan,
) {
  let details = before;
  const note = (its: unknown) => {
    if (!isSuperseded() && its !== undefined) details = its;
  };
  const heartbeat = async (_token: Uint8Array, its: unknown) => {
    if (isSuperseded()) throw Object.assign(new Error('over'), { name: 'ActivityNotFoundError' });
    note(its);
  };
  const temporal = temporalOf(undefined, undefined, planned);
  const workflow = { ...temporal.workflow, list: nothing };
  const client = Object.assign(temporal, { activity: { heartbeat }, workflow });
  const info = { attempt: before === undefined ? 1 : 2, heartbeatDetails: before };
  const environment = environmentWith(callingAs(name, input), info, { logger: SILENT, client });
  environment.on('heartbeat', note);
  const { context } = environment;
  const sleep = context.sleep.bind(context);
  Object.assign(context, {
    sleep: (ms: number) => sleep(Math.min(Number(ms), LONGEST_PAUSE_MS)),
  });
  return {
    details: () => details,
    run: async (activities: Activities): Promise<unknown> => {
      const limit = setTimeout(() => environment.cancel('TIMED_OUT'), LIMIT_MS);
      const act = (activities as unknown as Record<string, (input: unknown) => Promise<unknown>>)[name]!;
      try {
        return await environment.run(act, input);
      } finally {
        clearTimeout(limit);
      }
    },
  };
}
