import { AsyncLocalStorage } from 'node:async_hooks';

import type { Activities } from '../../activities/index.js';
import type { Participant } from '../../model/participant-access.js';
import type { ParticipantView } from '../../sandbox/index.js';
import { PROMPT_LIVE } from '../support/route-steps.js';
import { quickly } from '../support/quick-attempts.js';
import { snapshotOf, type NodeSnapshot } from '../support/snapshot.js';
import { SMALL, startStack, type Stack } from '../support/stack.js';
import { begin, placesOf, type Procedure, type RouteName } from './procedure.js';

/** A step takes a few hundred milliseconds. */
const LONGEST_WAIT_MS = 4_000;

/** As little as possible of everything. */
const LITTLE = {
  parties: { local: 2, multiHosted: 0, external: 0, decentralized: 0, foreign: 0 },
  contracts: { count: 6, sharedWithForeign: 0 },
  localState: { users: 1, rightsPerUser: 1, identityProviders: 0, annotatedParties: 0 },
};

/** Who may host a party, as the synchronizer has it. */
export interface Hosting {
  readonly hosts: Readonly<Record<string, string>>;
  readonly threshold: number;
  /** What the target may do that was made a host already, whatever becomes of the source. */
  readonly moved?: string;
}

/** A thing that others made. */
export interface Kept {
  readonly what: string;
  readonly holds: () => boolean;
  /** Whether it need not outlive a migration, only an abort. */
  readonly isOfSource?: boolean;
}

/**
 * What must be, whatever the migration says: kept by those who change something outside of it, never read from our own
 * clients.
 */
interface Truth {
  /** Contracts of the parties that move and that no ledger transaction has ended, wherever they are. */
  readonly contracts: Set<string>;
  /** Ended by a ledger transaction. */
  readonly ended: Set<string>;
  /** Purged by hand where they were: nobody can say whether they should be there. */
  readonly purged: Set<string>;
  /** On their way to, or on, a synchronizer that the migration has nothing to do with. */
  readonly away: Set<string>;
  /** What others made: it has to hold at the end, however that looks. */
  readonly kept: Kept[];
  /** What others took off a node by hand: that it is not there is nobody's fault. */
  readonly missing: Set<string>;
  /** By party, on the source synchronizer, as others left it: without what the migration adds. */
  readonly hosting: Map<string, Hosting>;
  /** Parties of which the hosts changed while the source was disconnected, and with it everybody the migration can ask. */
  readonly unseen: Set<string>;
  /** Parties that came to the source since the plan. */
  readonly newParties: string[];
  /** `source <alias>`: what somebody disconnected by hand during the last reading of an abort, perhaps after the look at it. */
  readonly disconnected: Set<string>;
  /** Whether somebody else connected a node that the migration keeps disconnected. */
  isConnectedByOther: boolean;
  /** Whether the watch that follows a migration finds its source connected. */
  isAlarm: boolean;
  /** Whether a node is not what it was: restored from a backup that is older. */
  isRestored: boolean;
}

/** A small ledger on its way, and everything that others can reach of it. */
export interface World extends Omit<Stack, 'plan'> {
  readonly route: RouteName;
  readonly procedure: Procedure;
  readonly source: ParticipantView;
  readonly target: ParticipantView;
  readonly clients: { readonly source: Participant; readonly target: Participant };
  /** Of the source as this migration sees it: alias and logical id. */
  readonly places: ReturnType<typeof placesOf>;
  readonly truth: Truth;
  /** Both nodes when the plan was made. */
  readonly before: { source: NodeSnapshot; target: NodeSnapshot };
  /** Copies of the target, the newest last; each with what it had then. */
  readonly backups: string[];
  /** How far the clock of the worker is off from now on, milliseconds. */
  clockOffsetMs: number;
}

/** Starts a sandbox and makes the plan of one migration on it. */
export async function startWorld(
  t: { after: (end: () => unknown) => void },
  route: RouteName,
): Promise<World> {
  const base = route === 'live' ? PROMPT_LIVE : SMALL;
  const stack = await startStack(t, { ...base, ...LITTLE });
  const clock = { clockOffsetMs: 0 };
  const nodes = { ...stack, act: quickly(stack.activities) };
  const procedure = await begin(route, nodes);
  // From here on whoever waits for what never comes is ended, and reads a clock that may be off.
  const inTime = quickly(stack.activities, { limitMs: LONGEST_WAIT_MS });
  Object.assign(
    nodes.act,
    withClock(inTime, () => clock.clockOffsetMs),
  );
  const places = placesOf(procedure.plan);
  const { participants } = stack.sandbox;
  const roles =
    route === 'return'
      ? ({ source: 'target', target: 'source' } as const)
      : ({ source: 'source', target: 'target' } as const);
  const [source, target] = [participants[roles.source], participants[roles.target]];
  const snapshot = await snapshotOf(stack);
  const truth: Truth = {
    contracts: new Set(source.contracts()),
    ended: new Set(),
    purged: new Set(),
    away: new Set(),
    kept: [],
    missing: new Set(),
    hosting: new Map(),
    unseen: new Set(),
    disconnected: new Set(),
    newParties: [],
    isConnectedByOther: false,
    isAlarm: false,
    isRestored: false,
  };
  for (const party of places.parties)
    truth.hosting.set(party, hostingOf(source, party, places.source.alias));
  return Object.assign(clock, {
    ...nodes,
    route,
    procedure,
    source,
    target,
    clients: {
      source: stack.participants.get(roles.source)!,
      target: stack.participants.get(roles.target)!,
    },
    places,
    truth,
    before: { source: snapshot[roles.source], target: snapshot[roles.target] },
    backups: [target.backup()],
  });
}

/** Brings the target back to an earlier state: what others made on it since is gone with it. */
export async function restore({ target, truth }: World, backup: string): Promise<void> {
  await target.restore(backup);
  truth.isRestored = true;
  const isElsewhere = ({ isOfSource }: Kept) => isOfSource === true;
  truth.kept.splice(0, truth.kept.length, ...truth.kept.filter(isElsewhere));
}

/** Ids of the active contracts of a node on a synchronizer, by its logical id. */
export function contractsOn(view: ParticipantView, logicalId: string): string[] {
  const { ledger } = view.ledger;
  const slots = [...ledger.active(ledger.end)];
  return slots
    .filter((slot) => ledger.index.row(slot).synchronizerId === logicalId)
    .map((slot) => ledger.contractId(slot));
}

/** Hosts of a party with their permissions, as a node sees it on a synchronizer. */
export function hostingOf(view: ParticipantView, party: string, alias: string): Hosting {
  const found = view.parties(alias).find((its) => its.party === party);
  const hosts = (found?.participants ?? []).map(({ participant_uid, permission }) => [
    participant_uid,
    permission,
  ]);
  return { hosts: Object.fromEntries(hosts) as Hosting['hosts'], threshold: found?.threshold ?? 0 };
}

const CLOCK = new AsyncLocalStorage<() => number>();
const RealDate = Date;

/** The time that whoever runs in a {@link withClock} reads; for everybody else it is the real one. */
class ShiftedDate extends RealDate {
  constructor(...values: [] | [number]) {
    if (values.length > 0) super(...(values as [number]));
    else super(ShiftedDate.now());
  }

  static override now(): number {
    return RealDate.now() + (CLOCK.getStore()?.() ?? 0);
  }
}

/** The same activities on a worker whose clock is off. */
export function withClock(act: Activities, offsetMs: () => number): Activities {
  globalThis.Date = ShiftedDate as DateConstructor;
  const calls = Object.entries(act).map(([name, run]) => [
    name,
    (input: never) => CLOCK.run(offsetMs, () => (run as (its: never) => Promise<unknown>)(input)),
  ]);
  return Object.fromEntries(calls) as Activities;
}
