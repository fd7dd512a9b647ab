import { isoTime } from '../clock.js';
import type { Services } from '../grpc.js';
import { Inspection, type InFlight } from '../inspection.js';
import { ResourceLimits } from '../limits.js';
import type { ContractSeed, LedgerHalf, LedgerNode, LedgerPort } from '../node.js';
import { PackageStore } from '../package-store.js';
import { packageService } from '../packages.js';
import { pingService } from '../ping.js';
import { NoWait } from '../no-wait.js';
import { PruningSchedule } from '../pruning.js';
import { exportAcs } from '../repair/export.js';
import { importAcs, type RepairCost } from '../repair/import.js';
import { exportPartyAcs, importPartyAcs } from '../repair/party-acs.js';
import { RepairMode } from '../repair/mode.js';
import { purgeContracts } from '../repair/purge.js';
import { commandService } from './command-service.js';
import { Damage } from './damage.js';
import { interactiveService } from './interactive-service.js';
import { Ledger } from './ledger.js';
import { openAccounts, participantServices, type Accounts } from './party-service.js';
import { assign, unassign } from './reassigning.js';
import { receive } from './receiving.js';
import { churn, seedContracts } from './seed.js';
import { stateService } from './state-service.js';
import { updateService } from './update-service.js';

/** What a test or the control port may do to a ledger beside its APIs. */
export interface LedgerControl {
  /** Creates contracts in bulk. */
  seed(seed: ContractSeed): void;
  /** Creates contracts among the stakeholders of active ones, and archives as many others, spread over all. */
  churn(created: number, archived: number): void;
  /** Puts requests in flight on a synchronizer (logical id); `perSecond` of each kind end every second. */
  setInFlight(logicalId: string, inFlight: InFlight, perSecond?: number): void;
  /** Forgets history up to `offset`. */
  prune(offset: number): void;
  /** Unassigns an active contract towards another synchronizer (logical id), for every host of its stakeholders. */
  unassign(contractId: string, target: string): void;
  /** Lets a contract that was unassigned arrive on this node. */
  assign(contractId: string): void;
  /** The next export fails in the stream after this many records, with what it sent closed as valid gzip. */
  failExport(afterRecords: number): void;
  /** Ids of the active contracts, in the order of their create events. */
  activeContractIds(): string[];
  readonly ledger: Ledger;
  readonly packages: PackageStore;
  /** What this node has processed although it cannot be. */
  readonly damage: Damage;
  readonly accounts: Accounts;
  readonly pruning: PruningSchedule;
}

/** Of what a scenario may leave out. */
const DEFAULT_COST = { importCallMs: 20, exportContractMicros: 2 };
const DEFAULT_CANCELLED_REPAIR_MS = 500;

const PARTICIPANT = 'com.digitalasset.canton.admin.participant.v30';

/** Offsets a ping uses up without showing an event. Source: golden/happy-kms.jsonl 43 to 49. */
const OFFSETS_PER_PING = 8;

/** Builds the ledger half of a participant from its journal: what was committed is there again. */
export function createLedgerHalf(node: LedgerNode): LedgerHalf & { readonly control: LedgerControl } {
  const { journal, topology, settings, name, uid, version } = node;
  const { ledger, packages, damage } = open(node);
  const limits = new ResourceLimits(journal);
  const pruning = new PruningSchedule(journal);
  const accounts = openAccounts(journal);
  const inspection = new Inspection(topology);
  const mode = new RepairMode(node.die);
  const times = new RepairTimes(node);
  let exportFailure: number | undefined;
  const failAfterRecords = () => {
    const failure = exportFailure;
    exportFailure = undefined;
    return failure;
  };
  const adminServices: Services = {
    ...repairServices({ node, ledger, packages, damage, mode, times, failAfterRecords }),
    [`${PARTICIPANT}.PackageService`]: packageService({ store: packages, topology, ledger }),
    [`${PARTICIPANT}.PingService`]: pings(node, ledger),
    [`${PARTICIPANT}.ParticipantInspectionService`]: inspection.service(),
    [`${PARTICIPANT}.ResourceManagementService`]: limits.service(),
    [`${PARTICIPANT}.PruningService`]: { ...pruning.service(), ...new NoWait(journal).service() },
  };
  const api = 'com.daml.ledger.api.v2';
  const commands = {
    name,
    uid,
    ledger,
    packages,
    topology,
    limits,
    inspection,
    submissionMs: settings.submissionMs ?? 0,
    indexingMs: settings.indexingMs ?? 0,
    unindexed: new Set<number>(),
    nextFailure: alternating(),
  };
  const ledgerServices: Services = {
    [`${api}.StateService`]: stateService({ name, uid, ledger, topology }),
    [`${api}.UpdateService`]: updateService({ name, ledger }),
    [`${api}.CommandService`]: commandService(commands),
    [`${api}.interactive.InteractiveSubmissionService`]: interactiveService(commands),
    ...participantServices({ uid, version, topology, accounts }),
  };
  const control: LedgerControl = {
    ...ledgerChanges({ uid, ledger, packages, topology }),
    setInFlight: (logicalId, inFlight, perSecond) => inspection.set(logicalId, inFlight, perSecond),
    failExport: (afterRecords) => {
      exportFailure = afterRecords;
    },
    ledger,
    packages,
    damage,
    accounts,
    pruning,
  };
  const port = ledgerPort({ node, ledger, packages, damage, mode, times });
  return { port, adminServices, ledgerServices, control, close: () => ledger.close() };
}

function pings(node: LedgerNode, ledger: Ledger) {
  const { uid, topology, settings } = node;
  return pingService({
    uid,
    topology,
    durationMs: settings.pingMs,
    failureMs: settings.failedPingMs,
    canSign: () => topology.canSign?.() ?? true,
    isReachable: (logicalId) => topology.isReachable?.(logicalId) ?? true,
    onSuccess: (synchronizerId) => ping(node, ledger, synchronizerId),
  });
}

/** What a scenario or a test does to the contracts, past every API. */
function ledgerChanges(seeding: Parameters<typeof seedContracts>[0]) {
  const { ledger } = seeding;
  return {
    seed: (seed) => seedContracts(seeding, seed),
    churn: (created, archived) => churn(seeding, created, archived),
    prune: (offset) => ledger.prune(offset),
    unassign: (contractId, target) => unassign(seeding, contractId, target),
    assign: (contractId) => assign(ledger, contractId),
    activeContractIds: () => [...ledger.active(ledger.end)].map((slot) => ledger.contractId(slot)),
  } satisfies Partial<LedgerControl>;
}

interface RepairParts extends PortParts {
  readonly failAfterRecords: () => number | undefined;
}

function repairServices(parts: RepairParts): Services {
  const { node, ledger, packages, damage, mode, times, failAfterRecords } = parts;
  const { name, topology, settings } = node;
  const repairTime = (logicalId: string) => times.of(logicalId);
  const cost: RepairCost = {
    importCallMs: settings.importCallMs ?? DEFAULT_COST.importCallMs,
    importContractMicros: settings.importMicrosPerContract,
    acceptContractMicros: settings.acceptMicrosPerContract,
    exportContractMicros: settings.exportMicrosPerContract ?? DEFAULT_COST.exportContractMicros,
  };
  const contractMicros = cost.exportContractMicros;
  const partyMicros = settings.exportMicrosPerParty ?? 0;
  const exports = { name, ledger, topology, contractMicros, partyMicros, failAfterRecords };
  const imports = {
    ledger,
    packages,
    damage,
    topology,
    mode,
    cost,
    repairTime,
    cancelledRepairMs: settings.cancelledRepairMs ?? DEFAULT_CANCELLED_REPAIR_MS,
    allowsReassigned: settings.allowsReassigned ?? false,
  };
  return {
    [`${PARTICIPANT}.ParticipantRepairService`]: {
      ExportAcs: exportAcs(exports),
      ImportAcs: importAcs(imports),
      PurgeContracts: purgeContracts({ ledger, topology, mode, repairTime }),
    },
    [`${PARTICIPANT}.PartyManagementService`]: {
      ExportPartyAcs: exportPartyAcs(exports),
      ImportPartyAcs: importPartyAcs(imports),
    },
  };
}

interface Stores {
  readonly ledger: Ledger;
  readonly packages: PackageStore;
  readonly damage: Damage;
}

function open({ journal, clock }: LedgerNode): Stores {
  const now = () => Number(clock.nowMicros());
  return {
    ledger: new Ledger(journal, now),
    packages: new PackageStore(journal, now),
    damage: new Damage(journal),
  };
}

function ping({ topology }: LedgerNode, ledger: Ledger, synchronizerId: string): void {
  const recordTimeMicros = topology.order(synchronizerId)?.nextTime() ?? ledger.now();
  const entry = { synchronizerId, recordTimeMicros };
  ledger.commit(Array.from({ length: OFFSETS_PER_PING }, () => entry));
}

/** The two ways a submission fails that a hosting change overtakes, in turn. */
function alternating(): () => 'no-view' | 'malformed' {
  let count = 0;
  return () => (count++ % 2 === 0 ? 'no-view' : 'malformed');
}

interface PortParts extends Stores {
  readonly node: LedgerNode;
  readonly mode: RepairMode;
  readonly times: RepairTimes;
}

function ledgerPort({ node, ledger, packages, damage, mode, times }: PortParts): LedgerPort {
  const { uid, topology } = node;
  return {
    isInRepair: () => mode.isOn,
    checkConnect: (logicalId) => {
      mode.checkQueue();
      const hole = damage.first(logicalId);
      if (hole)
        mode.breakQueue(
          `Unable to find reassignment counter for ContractId(${hole.contractId}) at TimeOfChange(timestamp = ${isoTime(hole.recordTimeMicros)})`,
        );
    },
    onConnecting: () => {
      // What an unfinished import left behind goes now; a running one never meets a connect (admin-api 2.3).
      if (!mode.isOn) ledger.discard();
    },
    onAccessDisabled: () =>
      node.die(
        'SYNC_SERVICE_SYNCHRONIZER_DISCONNECTED: fatally disconnected because of ThresholdUnreachableError',
      ),
    onDisconnected: ({ logicalId }) => times.note(logicalId),
    onPartyAuthorizations: (synchronizerId, authorizations, progress) => {
      const { recordTimeMicros } = progress;
      const times = { recordTimeMicros, effectiveAtMicros: recordTimeMicros };
      ledger.commit([{ synchronizerId, ...times, authorizations }], { progress });
    },
    onShared: (transaction, { info: { logicalId } }, progress) =>
      receive({ uid, ledger, damage, topology }, transaction, { logicalId, progress }),
    progress: (logicalId) => ledger.progress(logicalId),
    ledger,
    damage,
    withActiveContracts: (party) => ledger.withActiveContracts(party),
    packageIds: () => packages.packageIds(),
    packages: () => packages.forVetting(),
  };
}

/** The record time of repairs: the last time of the synchronizer this node knew. Source: admin-api 2.3. */
class RepairTimes {
  private readonly byId = new Map<string, number>();

  constructor(private readonly node: LedgerNode) {
    for (const { logicalId, atMicros } of node.journal.replay('disconnected'))
      this.byId.set(logicalId, atMicros);
  }

  note(logicalId: string): void {
    const atMicros = Number(this.node.clock.nowMicros());
    this.node.journal.append('disconnected', { logicalId, atMicros });
    this.byId.set(logicalId, atMicros);
  }

  of(logicalId: string): number {
    return this.byId.get(logicalId) ?? Number(this.node.clock.nowMicros());
  }
}
