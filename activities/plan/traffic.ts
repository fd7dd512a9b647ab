import { partyKeysIn } from '../../canton/v30/party-keys.js';
import { count } from '../../model/count.js';
import { duration } from '../../model/duration.js';
import { countOf } from '../../model/listed.js';
import {
  delegationsOf,
  isLive,
  namespaceOf,
  type Finding,
  type LivePlan,
  type MigrationPlan,
  type PlannedParty,
  type WithParties,
} from '../../model/plan.js';
import {
  accrualMs,
  capacity,
  costOf,
  costsOf,
  DELEGATION_BYTES,
  mostSignedTogether,
  partyMappingBytes,
  pingCost,
  repeatedBytes,
  vettingBytes,
  type Audience,
  type PlannedTraffic,
  type TrafficControl,
} from '../../model/traffic.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { findBalance } from '../nodes/traffic.js';
import { when } from './finding.js';
import type { PlanningParticipants } from './nodes.js';

/** Whoever would wait longer had better buy. */
const PATIENCE_MS = 6 * 60 * 60_000;
/** Of a commitment to one other participant, and of how many periods. Source: networks F. */
const COMMITMENT_BYTES = 300;
const PERIODS = 5;
/** How often a node answers itself in a migration: catching up, commitments, at the gate. */
const PINGS = 3;
/** Added in calls of many. */
const BULK = { isBulk: true };

type Costs = PlannedTraffic['costs'];
type Planned = NonNullable<MigrationPlan['traffic']>;

/** Works out what the migration costs both nodes; nothing where traffic is not controlled. Source: networks F. */
export async function planTraffic(
  plan: WithParties,
  { source, target }: Pick<PlanningParticipants, 'source' | 'target'>,
): Promise<Planned | undefined> {
  const onTarget = plan.target.synchronizer.logicalId;
  const onSource = plan.source.synchronizer.logicalId;
  const reader = isLive(plan) ? source : target;
  const its: Planned = {
    ...(await planned(source, source, { synchronizerId: onSource, costs: sourceCosts(plan) }, 'source')),
    ...(await planned(target, reader, { synchronizerId: onTarget, costs: targetCosts(plan) }, 'target')),
  };
  return its.source || its.target ? its : undefined;
}

async function planned(
  node: ParticipantReads,
  reader: ParticipantReads,
  { synchronizerId, costs }: { synchronizerId: string; costs: (audience: Audience) => Costs },
  side: 'source' | 'target',
): Promise<Planned> {
  const control = await reader.traffic.findControl(synchronizerId);
  if (!control) return {};
  const balance = await findBalance({ node, synchronizerId });
  // The sequencer and the mediator get what is told to all.
  const members = (await reader.traffic.countMembers(synchronizerId)) + 2;
  const purchased = roundedDown(balance?.purchased ?? 0);
  return {
    [side]: {
      control,
      purchased,
      ...(!balance && { isUnknown: true }),
      costs: costs({ control, members }).filter(({ bytes }) => bytes > 0),
    },
  };
}

/** A plan that is read twice is the same: what a node spends meanwhile should rarely show. */
function roundedDown(amount: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(amount, 1))) - 1);
  return Math.floor(amount / unit) * unit;
}

function targetCosts(plan: WithParties): (audience: Audience) => Costs {
  const { add, former } = plan.vetting;
  const delegations = delegationsOf(plan).length * 2;
  return (audience) => [
    topology('delegations', audience, new Array<number>(delegations).fill(DELEGATION_BYTES)),
    ...(isLive(plan)
      ? []
      : [
          topology('hosting of the parties', audience, signedByNodes(plan, 1)),
          topology('hosting that others sign', audience, signedOutside(plan, audience, 1), BULK),
        ]),
    topology('vetting', audience, add.length > 0 ? [vettingBytes(add.length + former.length)] : []),
    ...(isLive(plan)
      ? [
          late(topology('onboarding flags to clear', audience, mappings(plan, 1))),
          late(removal(plan, audience, 'target')),
        ]
      : []),
    late(commitments(sharersOf(plan), audience.control)),
    late(pings(audience.control)),
  ];
}

/**
 * With how many participants the target exchanges commitments: on the route over another synchronizer at most one for each
 * stakeholder that does not move, if their contracts come along.
 */
function sharersOf(plan: WithParties): number {
  if (isLive(plan)) return plan.live.counterParticipants.before.length;
  const { sharedWith, treatment } = plan.contracts;
  return treatment === 'include' ? countOf(sharedWith) : 0;
}

function sourceCosts(plan: WithParties): (audience: Audience) => Costs {
  const delegations = delegationsOf(plan).filter(({ signer }) => signer !== 'nobody').length;
  return (audience) => [
    topology('delegations', audience, new Array<number>(delegations).fill(DELEGATION_BYTES)),
    ...(isLive(plan)
      ? [
          topology('proposals for the parties', audience, signedByNodes(plan, 1)),
          topology('proposals that others sign', audience, signedOutside(plan, audience, 0), BULK),
          late(topology('their activation', audience, activated(plan, audience), BULK)),
          late(removal(plan, audience, 'source')),
          late(pings(audience.control)),
        ]
      : []),
  ];
}

function removal(
  plan: WithParties<LivePlan>,
  audience: Audience,
  by: 'source' | 'target',
): Costs[number] {
  const { targetSigns } = plan.live;
  const ofTarget = new Set(targetSigns);
  const isBy = ({ party }: PlannedParty) => ofTarget.has(namespaceOf(party)) === (by === 'target');
  const sizes = moving(plan)
    .filter(isBy)
    .map((its) => mappingBytes(its, [...othersOf(plan, its), plan.target.uid]));
  return topology('removal of the source as host', audience, sizes);
}

/** With the hosts that a mapping has while the migration changes it. */
function mappings(plan: WithParties, signatures: number): number[] {
  return moving(plan).map((its) => mappingBytes(its, hostsOf(plan, its), signatures));
}

function activated(plan: WithParties, audience: Audience): number[] {
  return [...signedByNodes(plan, 2), ...signedOutside(plan, audience, 1)];
}

/** The mappings that no key outside of the nodes signs. */
function signedByNodes(plan: WithParties, signatures: number): number[] {
  return moving(plan)
    .filter((its) => keysOutside(plan, its) === 0)
    .map((its) => mappingBytes(its, hostsOf(plan, its), signatures));
}

/** Those that keys outside sign, many together, with these signatures and so many of the nodes. */
function signedOutside(plan: WithParties, audience: Audience, ofNodes: number): number[] {
  const signed = moving(plan)
    .map((its) => ({ its, keys: keysOutside(plan, its) }))
    .filter(({ keys }) => keys > 0)
    .map(({ its, keys }) => ({ keys, bytes: mappingBytes(its, hostsOf(plan, its), keys + ofNodes) }));
  const together = mostSignedTogether(audience, signed);
  return signed.map(({ bytes, keys }) => bytes + repeatedBytes(keys, together));
}

/** Where a party is new on a synchronizer, the keys in its mapping sign as well. Source: networks C. */
function keysOutside(plan: WithParties, { signers, hosting }: PlannedParty): number {
  const keys = new Set(signers?.namespaces);
  if (!isLive(plan) && hosting?.signingKeys !== undefined)
    for (const { fingerprint } of partyKeysIn(hosting.signingKeys)) keys.add(fingerprint);
  return keys.size;
}

function hostsOf(plan: WithParties, its: PlannedParty): string[] {
  return isLive(plan) ? [plan.source.uid, ...othersOf(plan, its), plan.target.uid] : [plan.target.uid];
}

function othersOf({ source }: WithParties, { hosting }: PlannedParty): string[] {
  const uids = (hosting?.hosts ?? []).map(({ participantUid }) => participantUid);
  return uids.filter((uid) => uid !== source.uid);
}

function mappingBytes({ party, hosting }: PlannedParty, hosts: string[], signatures = 1): number {
  const keys = Buffer.from(hosting?.signingKeys ?? '', 'base64').length;
  return partyMappingBytes(party, hosts, signatures) + keys;
}

function moving({ parties }: WithParties): PlannedParty[] {
  return parties.filter(({ treatment }) => treatment === 'move');
}

function topology(what: string, audience: Audience, sizes: number[], options = {}): Costs[number] {
  return { what, ...costsOf(audience, sizes, options), isLate: false };
}

function pings(control: TrafficControl): Costs[number] {
  const one = pingCost(control);
  return { what: 'pings', bytes: PINGS * one, largest: Math.ceil(one / 2), isLate: true };
}

function commitments(participants: number, { baseEventCost }: TrafficControl): Costs[number] {
  const largest = participants === 0 ? 0 : baseEventCost + participants * COMMITMENT_BYTES;
  return { what: 'commitments', bytes: PERIODS * largest, largest, isLate: true };
}

const late = (cost: Costs[number]) => ({ ...cost, isLate: true });

/** What the traffic of both nodes does not suffice for, and how long the base rate would take. */
export function trafficFindings(plan: WithParties): { obstacles: Finding[]; warnings: Finding[] } {
  const obstacles: Finding[] = [];
  const warnings: Finding[] = [];
  for (const side of ['source', 'target'] as const) {
    const its = plan.traffic?.[side];
    if (!its) continue;
    const { name, synchronizer } = plan[side];
    const needed = costOf(its);
    const most = capacity(its.control, its);
    const largest = Math.max(0, ...its.costs.map((cost) => cost.largest));
    const waitMs = largest > most ? Infinity : accrualMs(its.control, needed - most);
    const text = `${name} needs about ${count(needed)} bytes of traffic on ${synchronizer.alias} (${described(its)}), and has at most ${count(most)} at once: ${balanceText(its)}`;
    const buy = `buy ${count(Math.max(needed, largest) - most)} bytes of traffic or more for ${name}`;
    obstacles.push(
      ...when(waitMs > PATIENCE_MS && !its.isUnknown, {
        type: 'TrafficInsufficient',
        what:
          waitMs === Infinity
            ? `${text}; one event of ${count(largest)} never passes`
            : `${text}; the base rate takes ${duration(waitMs)} for the rest`,
        cure: `${buy}, then resume or plan again`,
      }),
    );
    warnings.push(
      ...findUnknownWarnings(text, its.isUnknown === true && waitMs > 0, {
        name,
        missing: Math.max(needed, largest) - most,
      }),
      ...(its.isUnknown ? [] : findShortWarnings(text, waitMs, buy)),
    );
  }
  return { obstacles, warnings };
}

function findUnknownWarnings(
  text: string,
  isUnknown: boolean,
  { name, missing }: { name: string; missing: number },
): Finding[] {
  return when(isUnknown, {
    type: 'TrafficUnknown',
    what: `${text}; what it purchased it cannot say while it is disconnected`,
    cure: `make sure that ${name} has ${count(missing)} bytes of purchased traffic left`,
  });
}

function findShortWarnings(text: string, waitMs: number, buy: string): Finding[] {
  return when(waitMs > 0 && waitMs <= PATIENCE_MS, {
    type: 'TrafficShort',
    what: `${text}; the migration would wait about ${duration(waitMs)} for the base rate`,
    cure: `${buy} before it starts, or let it wait: topology transactions are kept and sent by themselves`,
  });
}

function described({ costs }: PlannedTraffic): string {
  return costs.map(({ what, bytes }) => `${what} ${count(bytes)}`).join(', ');
}

function balanceText({ control, purchased }: PlannedTraffic): string {
  const window = duration(control.accumulationMs);
  return `a base rate of ${count(control.maxBaseAmount)} per ${window}, and about ${count(purchased)} purchased`;
}
