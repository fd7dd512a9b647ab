import { setTimeout as wait } from 'node:timers/promises';
import type { Inspection } from '../inspection.js';
import type { ResourceLimits } from '../limits.js';
import type { LedgerOrder, SynchronizerInfo, TopologyPort } from '../node.js';
import type { HostingParticipant } from '../topology/mapping.js';
import {
  accessDisabled,
  backpressure,
  contractNotFound,
  malformedRequest,
  notConnected,
  noValidRecipients,
} from './command-refusals.js';
import type { LedgerEntry } from './entry.js';
import {
  actAs,
  interpret,
  type Commands,
  type Effects,
  type InterpreterParts,
} from './interpretation.js';
import { requestFailed } from '../traffic-service.js';
import { informeesOf, route } from './routing.js';
import { write } from './writing.js';

/** What the command service of one participant works with. */
export interface CommandParts extends InterpreterParts {
  readonly uid: string;
  readonly topology: TopologyPort;
  readonly limits: ResourceLimits;
  readonly inspection: Inspection;
  readonly submissionMs: number;
  readonly indexingMs: number;
  /** Whether the next submission that a hosting change catches fails by a late check of the node; changes each time. */
  readonly nextFailure: () => 'no-view' | 'malformed';
}

/** A submission on its way. */
interface Flight {
  readonly effects: Effects;
  /** Logical id. */
  readonly synchronizerId: string;
  readonly order: LedgerOrder | undefined;
  readonly synchronizer: SynchronizerInfo | undefined;
  /** Who hosts whom as this node saw it when it chose where to go, which may be behind the order. */
  readonly hosts: ReadonlyMap<string, string>;
}

/** Carries out the commands of one submission; returns their entry in the ledger, and the traffic that it cost. */
export async function submit(parts: CommandParts, commands: Commands): Promise<Submitted> {
  // Interpretation and routing come before deduplication, so a repeated exercise fails by its contract, not as a duplicate.
  const flight = begin(parts, interpret(parts, commands), { submitters: actAs(commands) });
  return carryOut(parts, commands, flight);
}

/** Has a transaction ordered that was prepared and signed before, on the synchronizer it was prepared for. */
export async function submitPrepared(
  parts: CommandParts,
  commands: Commands,
  effects: Effects,
  synchronizerId: string,
): Promise<Submitted> {
  return carryOut(parts, commands, begin(parts, effects, { submitters: [], only: synchronizerId }));
}

interface Submitted {
  readonly entry: LedgerEntry;
  readonly trafficCost: number;
}

async function carryOut(parts: CommandParts, commands: Commands, flight: Flight): Promise<Submitted> {
  const submission = { userId: commands.user_id ?? '', actAs: actAs(commands) };
  const archived = flight.effects.archived.flatMap(({ slot }) => slot ?? []);
  const end = parts.ledger.deduplication.begin(submission, commands.command_id ?? '');
  try {
    const trafficCost = pay(parts, flight);
    await fly(parts, flight);
    const recordTimeMicros = checkAgain(parts, commands, flight);
    const entry = write(parts, {
      synchronizerId: flight.synchronizerId,
      workflowId: commands.workflow_id ?? '',
      commandId: commands.command_id ?? '',
      submission,
      recordTimeMicros,
      created: flight.effects.created,
      archived: flight.effects.archived.map(({ slot, contract }) => ({
        slot,
        contractId: contract.contractId,
        stakeholders: [...contract.signatories, ...contract.observers],
      })),
    });
    await index(parts, archived);
    return { entry, trafficCost };
  } finally {
    end();
  }
}

/** Of a request, and of each action in it. Source: golden35/traffic-control.jsonl 8; golden35/traffic-control.jsonl 10. */
const REQUEST_BYTES = 1900;
const ACTION_BYTES = 530;

/** Pays for the confirmation request; responses are free. */
function pay({ name, uid }: CommandParts, { effects, order, synchronizer }: Flight): number {
  const { created, archived } = effects;
  const actions = (created.length + archived.length) * ACTION_BYTES;
  const bytes = created.reduce((sum, { argumentBytes }) => sum + argumentBytes.length, actions);
  const shortage = order?.pay(REQUEST_BYTES + bytes, informeesOf(effects));
  if (shortage) throw requestFailed({ name, uid, psid: synchronizer?.physicalId ?? '' }, shortage);
  return order?.lastCost ?? 0;
}

/** Waits until commands are no longer interpreted with the contracts that have ended. */
async function index({ indexingMs, unindexed }: CommandParts, archived: number[]): Promise<void> {
  if (indexingMs === 0 || archived.length === 0) return;
  for (const slot of archived) unindexed.add(slot);
  await wait(indexingMs);
  for (const slot of archived) unindexed.delete(slot);
}

function begin(
  parts: CommandParts,
  effects: Effects,
  { submitters, only }: { readonly submitters: readonly string[]; readonly only?: string },
): Flight {
  const { maxInFlight } = parts.limits;
  const count = parts.inspection.total();
  if (maxInFlight !== undefined && count >= maxInFlight) throw backpressure(count, maxInFlight);
  const { topology } = parts;
  // Before the routing: what changes between the two counts as a change while the submission is on its way.
  const seen = new Map(
    topology.connected().map(({ logicalId: id }) => [id, hostsSeen(parts, id, effects)]),
  );
  const synchronizerId = route(parts, effects, submitters, only);
  const order = topology.order(synchronizerId);
  const synchronizer = topology.find(synchronizerId);
  return { effects, synchronizerId, order, synchronizer, hosts: seen.get(synchronizerId) ?? new Map() };
}

function hostsSeen({ topology }: CommandParts, synchronizerId: string, effects: Effects) {
  const hosts = [...informeesOf(effects)].map(
    (party) => [party, told(topology.hosting(synchronizerId, party))] as const,
  );
  return new Map(hosts);
}

/** Waits as long as a submission is in flight: it counts here and on the other hosts. */
async function fly(parts: CommandParts, { effects, synchronizerId, order }: Flight): Promise<void> {
  if (parts.submissionMs === 0 && order?.isOpen !== false) return;
  const land = parts.inspection.begin(synchronizerId);
  const landElsewhere = order?.announce(informeesOf(effects));
  try {
    await wait(parts.submissionMs);
    await order?.whenUp();
  } finally {
    land();
    landElsewhere?.();
  }
}

function told(hosts: readonly HostingParticipant[]): string {
  return hosts
    .map((host) => host.participant_uid)
    .sort()
    .join();
}

/**
 * Checks at its place in the order what was true at the beginning, and returns that place: a change of the hosts that takes
 * effect a moment later is not for this transaction. Source: live-route 4.
 */
function checkAgain(parts: CommandParts, commands: Commands, flight: Flight): number | undefined {
  const { effects, order, hosts } = flight;
  if (!order) return undefined;
  if (!order.isOpen) throw notConnected(parts.name);
  if (order.isLockedOut)
    throw accessDisabled(parts, parts.topology.find(flight.synchronizerId)?.physicalId ?? '');
  const now = order.nextTime();
  const hasMoved = (party: string) => hosts.get(party) !== told(order.hostsAt(party, now));
  if ([...informeesOf(effects)].some(hasMoved))
    throw parts.nextFailure() === 'no-view' ? noValidRecipients(parts.name) : malformedRequest();
  for (const { slot, contract } of effects.archived) {
    const isActive = slot === undefined || parts.ledger.isActive(slot);
    if (isActive && !order.isSpent(contract.contractId)) continue;
    throw contractNotFound(contract.contractId, commands, parts.name);
  }
  return now;
}
