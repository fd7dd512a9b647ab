import { listed } from '../../model/count.js';
import type { ActiveContractSummary } from '../../model/participant.js';
import {
  namespaceOf,
  type Finding,
  type WithParties,
  type PlannedChanges,
  type PlannedNode,
  type PlannedParty,
} from '../../model/plan.js';
import { PARTY_VIEWS } from '../../model/plan-parties.js';
import { FoundContracts } from '../contracts/active-contracts.js';
import { IdHashes } from '../contracts/id-hashes.js';
import { isImported } from '../contracts/imported.js';
import { when } from './finding.js';
import { countContracts, type ContractCount } from './contracts.js';
import type { ParticipantReads } from '../../model/participant-access.js';

/** Counts what differs between the two nodes while the source's contracts stream by. */
export interface ChangeCount {
  /** To be shown every contract of the source on its synchronizer. */
  visit: (contract: ActiveContractSummary) => void;
  result: () => { changes: PlannedChanges; gone: FoundContracts };
}

/**
 * Reads what a node that served these parties before still has of them, to compare it with what the source has.
 *
 * Memory is 16 bytes for each of its contracts. What it has with stakeholders that do not move stayed there on
 * purpose and is left alone, unless such contracts are included.
 */
export async function countChanges(
  target: ParticipantReads,
  { moved, hosted, synchronizerId, includesShared }: CountedBy,
): Promise<ChangeCount> {
  const ids = new IdHashes();
  const parties = new Set(moved);
  let kept = 0;
  const ledgerEnd = await target.ledger.readLedgerEnd();
  const isMoved = ({ stakeholders }: ActiveContractSummary) =>
    includesShared || stakeholders.every((party) => parties.has(party));
  const there: ContractCount = await countContracts(target, moved, synchronizerId, (contract) => {
    if (isMoved(contract)) ids.add(contract.contractId);
    else kept += 1;
  });
  let common = 0;
  let missing = 0;
  const gone = new FoundContracts();
  return {
    visit: (contract) => {
      if (ids.has(contract.contractId)) common += 1;
      else if (isMoved(contract)) {
        missing += 1;
        // What the source imported came from where its parties were before: here, if this node hosted one of them.
        const wasHere = contract.stakeholders.some((party) => hosted.has(party));
        if (!wasHere || !isImported(contract)) return;
        gone.add(contract.contractId);
      }
    },
    result: () => ({
      changes: {
        common,
        missing,
        extra: ids.size - common,
        kept,
        keptWith: includesShared ? [] : [...there.sharedWith].sort(),
        targetLedgerEnd: ledgerEnd,
      },
      gone,
    }),
  };
}

/** The parties that move to a node that hosted them before. */
export function hostedBefore(parties: PlannedParty[], { uid }: PlannedNode): Set<string> {
  const isHosted = ({ formerMapping }: PlannedParty) =>
    formerMapping?.hosts.some(({ participantUid }) => participantUid === uid);
  return new Set(parties.filter(isHosted).map(({ party }) => party));
}

interface CountedBy {
  moved: string[];
  /** Of these, {@link hostedBefore}. */
  hosted: ReadonlySet<string>;
  /** The target synchronizer. */
  synchronizerId: string;
  includesShared: boolean;
}

/** What makes it unsafe to bring a node up to date: it would lose contracts, or could not get them. */
export function changeObstacles(
  plan: WithParties,
  { changes, gone }: ReturnType<ChangeCount['result']>,
): Finding[] {
  const { source, target } = plan;
  const open = target.connections.filter(
    ({ isConnected, isManualConnect }) => isConnected || !isManualConnect,
  );
  return [
    ...unknownParties(plan),
    ...when(open.length > 0, {
      type: 'TargetNotParked',
      what: `${target.name} is connected, or connects by itself, to ${listed(open.map(({ alias }) => alias))}: what it holds may be used there`,
      cure: `if it is the node these parties were moved away from, park it: canton-migrate park --participant ${target.name} --served-by ${source.name}; if not, leave options.copy out`,
    }),
    ...when(changes.extra > 0 && changes.common === 0, {
      type: 'NothingInCommon',
      what: `${source.name} has none of the ${changes.extra} contracts of ${target.name}, all of which would be purged`,
      cure: 'check that the source is the node that serves these parties now',
    }),
    ...when(gone.count > 0, {
      type: 'ContractsGoneFromTarget',
      what: `${gone.count} contracts that were imported into ${source.name} are not on ${target.name} any more, which hosted their parties before: ${gone.named}`,
      cure: 'a contract that a node archived itself cannot come back to it: archive these, leave their parties out, or use a fresh node',
    }),
  ];
}

/** Parties of third nodes: whoever names nobody means those that the target had, and what the source got itself. */
function unknownParties({ request, source, target, parties }: WithParties): Finding[] {
  if (request.parties) return [];
  const moved = PARTY_VIEWS.moved(parties);
  const hosted = hostedBefore(parties, target);
  const known = new Set([source.namespace, ...[...hosted].map(namespaceOf)]);
  const others = moved.filter((party) => hosted.size > 0 && !known.has(namespaceOf(party)));
  return when(others.length > 0, {
    type: 'PartiesNotNamed',
    what: `the request names no parties, and ${others.length} that would move are of namespaces that ${target.name} never hosted: ${listed(others)}`,
    cure: 'name the parties that move; --reverse names those that a migration moved',
  });
}
