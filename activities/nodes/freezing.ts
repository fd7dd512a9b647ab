import { sleep } from '@temporalio/activity';

import { listed } from '../../model/count.js';
import { mismatch, refused } from '../../model/failure.js';
import { describeHosting, isSameHosting, plannedHosting, type Wanted } from '../../model/hosting.js';
import type { NodeRef, PartyMapping, ResourceLimits } from '../../model/participant.js';
import type { PlannedNode } from '../../model/plan.js';
import { ensureIsolated, readConnections } from './connections.js';
import type { Participants } from './participants.js';
import type { Listed } from '../../model/listed.js';
import type { Participant, ParticipantReads } from '../../model/participant-access.js';
import type { ListStore } from '../../storage/list-store.js';
import { progress } from '../attempt/progress.js';

/** The longest a source may take to become quiet before an operator is asked. */
const QUIET_LIMIT_MS = 30 * 60_000;
/** A source that is not quiet after it was disconnected is reconnected to finish, this often. */
const QUIESCE_ATTEMPTS = 3;
export interface QuiesceInput {
  source: NodeRef;
  /** Alias of the source synchronizer on the source. */
  alias: string;
  synchronizerId: string;
  /** Limits of the source as they were before the migration. */
  resourceLimits: ResourceLimits;
  quietSeconds: number;
}

/** A node that was disconnected from all of its synchronizers. */
export interface Isolated {
  /** Decimal int64. */
  ledgerEnd: string;
  connections: PlannedNode['connections'];
}

/** The activities that take both nodes out of service for the transfer. */
export function freezingActivities(participants: Participants, lists: ListStore) {
  return {
    /**
     * Ensures that the target is disconnected and stays so: an import needs it. Returns its ledger end, and how it stood to
     * its synchronizers right before.
     */
    async isolateTarget({ target }: { target: NodeRef }): Promise<Isolated> {
      const connections = await ensureIsolated(participants.change(target));
      return { ledgerEnd: await participants.read(target).ledger.readLedgerEnd(), connections };
    },

    /** Returns how a participant stands to every synchronizer that it is registered with. Ordered by alias. */
    async readConnections(input: {
      participant: NodeRef;
    }): Promise<{ connections: PlannedNode['connections'] }> {
      return { connections: await readConnections(participants.read(input.participant)) };
    },

    /** Returns the ledger end of a participant, whether it serves or not. */
    async readLedgerEnd({ participant }: { participant: NodeRef }): Promise<{ ledgerEnd: string }> {
      return { ledgerEnd: await participants.read(participant).ledger.readLedgerEnd() };
    },

    /**
     * Ensures that the source takes no more commands, has nothing in flight, and is disconnected for good.
     * Returns its ledger end: the offset to export at, and how it stood to its synchronizers right before.
     *
     * Safe to repeat. Fails with `SourceNotQuiet`. Source: admin-api 5.7.
     */
    async quiesceSource(input: QuiesceInput): Promise<Isolated> {
      const source = participants.change(input.source);
      let connections: PlannedNode['connections'] | undefined;
      for (let attempt = 1; attempt <= QUIESCE_ATTEMPTS; attempt++) {
        await drain(source, input);
        const now = await ensureIsolated(source);
        connections ??= now;
        // What was sequenced but not processed when the connection closed would be lost for the export.
        if (await isNothingInFlight(source)) {
          await source.health.setResourceLimits(input.resourceLimits);
          return { ledgerEnd: await source.ledger.readLedgerEnd(), connections };
        }
        await source.synchronizers.reconnect(input.alias);
      }
      throw refused(
        'SourceNotQuiet',
        `${input.source.name} had something in flight each time it was disconnected`,
      );
    },

    /** Returns the parties that a participant hosts on a synchronizer now, without its admin party. Ordered. */
    async readHostedParties(input: {
      participant: NodeRef;
      synchronizerId: string;
    }): Promise<{ parties: Listed<string> }> {
      const { participant, synchronizerId } = input;
      const { topology } = participants.read(participant);
      const filter = { participantUid: participant.uid };
      const mappings = await topology.listPartyMappings({ synchronizerId }, filter);
      const parties = mappings.map(({ party }) => party).filter((party) => party !== participant.uid);
      return { parties: await lists.keep(parties.sort()) };
    },

    /**
     * Fails with `PartiesChanged` unless the source hosts exactly the parties of the plan, and those that move as they
     * were hosted then.
     */
    async readUnchangedParties(input: UnchangedPartiesInput): Promise<void> {
      await assertUnchangedParties(participants.read(input.source), input);
    },
  };
}

/** The parties of the source on its synchronizer, as the plan has them. */
export interface UnchangedPartiesInput {
  source: NodeRef;
  /** Logical id. */
  synchronizerId: string;
  moved: Wanted[];
  left: string[];
}

/**
 * The same for an activity that acts on it.
 *
 * A host that was added goes on serving on the source synchronizer, and one contract would be used on both. The topology
 * that the source knows is that of its last connection: what is changed after it was disconnected, nobody can read who is
 * not connected there. It tells whether somebody connected it in between.
 */
export async function assertUnchangedParties(
  source: ParticipantReads,
  input: UnchangedPartiesInput,
): Promise<void> {
  const { added, gone, otherwise } = await findChangedParties(source, input);
  if (added.length + gone.length + otherwise.length === 0) return;
  const all = { added, gone, 'hosted otherwise': otherwise };
  const told = Object.entries(all).map(([what, its]) => `${what} ${listed(its) || 'none'}`);
  throw mismatch(
    'PartiesChanged',
    `the parties of ${source.name} are not those of the plan, those that move hosted by it alone: ${told.join('; ')}`,
  );
}

/**
 * Returns which parties came to the source and left it since the plan, and which of those that move are hosted otherwise,
 * with their hosts; on the live route the target is one of them by right.
 */
export async function findChangedParties(
  { topology }: ParticipantReads,
  { source, synchronizerId, moved, left }: UnchangedPartiesInput,
  targetUid?: string,
): Promise<Record<'added' | 'gone' | 'otherwise', string[]>> {
  const mappings = await topology.listPartyMappings({ synchronizerId }, { participantUid: source.uid });
  const now = new Map(mappings.map((mapping) => [mapping.party, mapping]));
  now.delete(source.uid);
  const planned = new Set([...moved.map(({ party }) => party), ...left]);
  const withoutTarget = (mapping: PartyMapping) => ({
    ...mapping,
    hosts: mapping.hosts.filter(({ participantUid }) => participantUid !== targetUid),
  });
  return {
    added: [...now.keys()].filter((party) => !planned.has(party)),
    gone: [...planned].filter((party) => !now.has(party)),
    otherwise: moved.flatMap((wanted) => {
      const found = now.get(wanted.party);
      return !found || isSameHosting(withoutTarget(found), plannedHosting(wanted, source.uid))
        ? []
        : `${wanted.party} by ${describeHosting(found)}`;
    }),
  };
}

/** Lets no new command in and waits until nothing has happened for `quietSeconds`. */
async function drain(source: Participant, input: QuiesceInput): Promise<void> {
  const isConnected = (await source.synchronizers.listRegistered()).some((its) => its.isConnected);
  if (!isConnected) return;
  await source.health.setResourceLimits({ ...input.resourceLimits, maxInflightValidationRequests: 0 });
  const deadline = Date.now() + QUIET_LIMIT_MS;
  let quietSince = Date.now();
  let lastEnd = '';
  for (;;) {
    const ledgerEnd = await source.ledger.readLedgerEnd();
    const isQuiet = ledgerEnd === lastEnd && (await isNothingInFlight(source));
    if (!isQuiet) quietSince = Date.now();
    // Decided on what was just read: time that passes without a reading proves nothing.
    else if (Date.now() - quietSince >= input.quietSeconds * 1000) return;
    lastEnd = ledgerEnd;
    progress({
      waitingFor: 'the source to become quiet',
      quietSeconds: Math.floor((Date.now() - quietSince) / 1000),
    });
    if (Date.now() > deadline) {
      throw refused(
        'SourceNotQuiet',
        `${input.source.name} was not quiet for ${input.quietSeconds} s within ${QUIET_LIMIT_MS / 60_000} min`,
      );
    }
    await sleep(500);
  }
}

/** Over every synchronizer of the source: all of them are disconnected. */
async function isNothingInFlight({ health, synchronizers }: ParticipantReads): Promise<boolean> {
  for (const { logicalId } of await synchronizers.listRegistered()) {
    if (logicalId === '') continue;
    const { pendingSubmissions, pendingTransactions } = await health.countInFlight(logicalId);
    if (pendingSubmissions + pendingTransactions > 0) return false;
  }
  return true;
}
