import type { MigrationSnapshot } from '../../client/index.js';
import { counted } from '../../model/count.js';
import { PHASES } from '../../model/phase.js';
import { exceptionsAmong } from '../../model/party-exceptions.js';
import {
  DEFAULT_APPROVAL,
  type HashedPlan,
  type PlannedNode,
  type PlannedParty,
} from '../../model/plan.js';
import { countParties } from '../../model/plan-parties.js';
import type { MigrationReport, PartyComparison } from '../../model/report.js';
import type { MigrationStatus } from '../../model/steering.js';

const NAMESPACE = `1220${'ab'.repeat(32)}`;
export const SOURCE_UID = `old::${NAMESPACE}`;
const TARGET_UID = `new::1220${'cd'.repeat(32)}`;
const PLAN_HASH = '3f0c'.repeat(16);

const node = (name: string, uid: string, isKmsBacked: boolean): PlannedNode => ({
  name,
  uid,
  namespace: uid.split('::')[1] ?? '',
  version: '3.5.10',
  isKmsBacked,
  synchronizer: {
    alias: `${name}-sync`,
    logicalId: `${name}-sync::1220`,
    physicalId: `${name}-sync::1220::34-0`,
  },
  connections: [],
});

const PARTIES: PlannedParty[] = [
  {
    party: `alice::${NAMESPACE}`,
    class: 'local',
    treatment: 'move',
    permission: 'submission',
    reason: '',
    contractCount: 12_345,
  },
  {
    party: `bob::${NAMESPACE}`,
    class: 'multi-hosted',
    treatment: 'move',
    permission: 'submission',
    reason: '',
    contractCount: 7,
  },
  {
    party: SOURCE_UID,
    class: 'admin',
    treatment: 'leave',
    permission: 'submission',
    reason: 'the admin party belongs to its participant',
  },
];

export const PLAN: HashedPlan = {
  hash: PLAN_HASH,
  plannedOffset: '41',
  plan: {
    request: {
      source: 'old',
      target: 'new',
      sourceSynchronizer: 'old-sync',
      targetSynchronizer: 'new-sync',
    },
    source: { ...node('old', SOURCE_UID, false), resourceLimits: { maxSubmissionBurstFactor: 0.5 } },
    target: { ...node('new', TARGET_UID, true), namespaceKey: `1220${'ef'.repeat(32)}`, hosted: [] },
    direction: 'to-kms',
    namespaces: [],
    signatures: [],
    approval: DEFAULT_APPROVAL,
    route: {
      name: 'new-synchronizer',
      reason:
        'the source uses the synchronizer old-sync::1220, the target new-sync::1220: the source is out of service from its freeze to the cut-over',
    },
    parties: PARTIES,
    commonNamespace: NAMESPACE,
    needs: 'submission',
    partyCounts: countParties(PARTIES),
    partyExceptions: exceptionsAmong(PARTIES, SOURCE_UID),
    dars: [
      { mainPackageId: 'a', name: 'iou', version: '1.0.0', description: '', action: 'upload' },
      { mainPackageId: 'b', name: 'splice', version: '0.1.2', description: '', action: 'present' },
      { mainPackageId: 'c', name: 'AdminWorkflows', version: '3', description: '', action: 'built-in' },
    ],
    vetting: { add: [{ packageId: 'a' }], leave: ['d', 'e'], former: [] },
    localState: {
      identityProviders: [{ id: 'corporate', digest: '00c0ffee00c0ffee', action: 'create' }],
      users: [
        { id: 'alice', digest: '0123456789abcdef', action: 'create', rightCount: 2 },
        {
          id: 'backend',
          digest: 'fedcba9876543210',
          action: 'extend',
          rightCount: 7,
          addRights: ['act-as alice'],
          addAnnotations: [],
        },
      ],
      partyAnnotations: [
        { name: 'alice', digest: '0011223344556677', action: 'create', add: ['example.com/owner'] },
      ],
      resourceLimits: { action: 'present', former: { maxSubmissionBurstFactor: 0.5 } },
      pruningSchedule: {
        action: 'create',
        schedule: { cron: '0 0 20 ? * SAT', maxDurationMs: 3_600_000, retentionMs: 86_400_000 },
      },
      surplus: { count: 0, named: [] },
      excluded: [
        { what: 'user participant_admin', why: 'every participant has its own' },
        { what: `rights on ${SOURCE_UID} of backend`, why: 'the party does not move' },
      ],
    },
    freezeSeconds: { cold: 69, warm: 65 },
    contracts: { total: 12_350, shared: 2, sharedWith: ['carol::1220'], treatment: 'include' },
    imports: { mode: 'accept', reasons: [] },
    obstacles: [],
    warnings: [
      {
        type: 'PruningScheduled',
        what: 'old prunes by schedule (0 0 20 ? * SAT), which would make it impossible to repeat an export',
        cure: 'nothing: migrate-local-state suspends the schedule, and an abort sets it again',
      },
    ],
  },
};

/** The same with so many contracts that a warm copy is worth it, and asked for. */
export const WARM_PLAN: HashedPlan = {
  hash: PLAN_HASH,
  plannedOffset: '41',
  plan: {
    ...PLAN.plan,
    request: { ...PLAN.plan.request, options: { copy: 'warm' } },
    freezeSeconds: { cold: 7_391, warm: 638 },
  },
};

const ONE_SYNCHRONIZER = PLAN.plan.source.synchronizer;

/** Both nodes on one synchronizer, which the target joins for it; an earlier attempt left something there. */
export const LIVE_PLAN: HashedPlan = {
  hash: PLAN_HASH,
  plannedOffset: '41',
  plan: {
    ...PLAN.plan,
    request: { ...PLAN.plan.request, targetSynchronizer: 'old-sync' },
    target: { ...PLAN.plan.target, synchronizer: ONE_SYNCHRONIZER },
    route: {
      name: 'live',
      reason:
        'both nodes use the synchronizer old-sync::1220: the source serves until the target does, and clients see a pause of about a second',
    },
    live: {
      joins: true,
      alreadyHosted: ['carol::1220'],
      counterParticipants: {
        before: [SOURCE_UID, `other::${NAMESPACE}`],
        after: [`other::${NAMESPACE}`],
      },
      sourceSigns: [],
      targetSigns: [NAMESPACE],
      signedByOthers: 1,
      isProposalEffective: false,
      staleOnTarget: 3,
    },
    signatures: [
      {
        what: `the delegation of ${NAMESPACE} to 1220${'ef'.repeat(32)}`,
        count: 1,
        key: NAMESPACE,
        holder: 'offline',
      },
      {
        what: 'the proposals of new as host of the parties',
        count: 2,
        key: NAMESPACE,
        holder: 'offline',
      },
      {
        what: 'the consent of new to host the parties',
        count: 2,
        key: `1220${'ef'.repeat(32)}`,
        holder: 'new',
      },
      { what: 'the removal of old as host', count: 2, key: `1220${'ef'.repeat(32)}`, holder: 'new' },
    ],
    freezeSeconds: { cold: 0, warm: 0 },
  },
};

export const OBSTRUCTED: HashedPlan = {
  hash: PLAN_HASH,
  plannedOffset: '41',
  plan: {
    ...PLAN.plan,
    warnings: [],
    obstacles: [
      {
        type: 'SameSynchronizer',
        what: 'source and target are on one synchronizer',
        cure: 'connect the target to another one',
      },
    ],
  },
};

export const STATUS: MigrationStatus = {
  state: 'running',
  stage: 'transfer-active-contracts',
  summary: 'transfer-active-contracts is under way',
  next: 'nothing; to hold it: canton-migrate pause, or canton-migrate abort',
  workflowId: `migrate-participant/${SOURCE_UID}`,
  sourceUid: SOURCE_UID,
  targetUid: TARGET_UID,
  planHash: PLAN_HASH,
  steps: [],
  phases: PHASES.map((phase, index) => ({
    phase,
    state: index < 4 ? 'done' : index === 4 ? 'running' : 'waiting',
    changed: index === 1 ? ['2 parties on the target synchronizer'] : [],
    workedMs: index < 5 ? (index + 1) * 700 : 0,
    waitedMs: index === 1 ? 61_000 : 0,
  })),
  contracts: { done: 10_000, total: 12_350, perSecond: 2_000, etaSeconds: 2 },
  tuning: { targetSeconds: 5 },
  isPastPointOfNoReturn: false,
  approvals: [],
};

const COPIED: MigrationStatus = {
  ...STATUS,
  stage: 'verify',
  contracts: { done: 12_350, total: 12_350, perSecond: 2_000, etaSeconds: 0 },
};

const FAILURE: NonNullable<MigrationStatus['lastFailure']> = {
  stage: 'migrate-dars',
  kind: 'refused',
  type: 'NotVetted',
  message: 'of lab-iou, some are not vetted after 60 s',
  cure: 'check that the target is connected and its KMS answers, then resume',
};

const WATCH: NonNullable<MigrationStatus['watch']> = {
  state: 'parked',
  aliases: [{ alias: 'main', isConnected: false, isManualConnect: true }],
  ledgerEnd: '22',
  since: '2026-01-02T04:06:00.000Z',
  lastLookedAt: '2026-01-02T04:06:00.000Z',
  alarmCount: 0,
};

const EQUAL: NonNullable<MigrationStatus['verification']> = {
  state: 'verified',
  isEqual: true,
  contractCount: 12_350,
  differences: [],
  differenceCount: 0,
  totals: { missing: 0, extra: 0, different: 0 },
  verifiedAt: '2026-01-02T04:05:06.000Z',
};

const snapshot = (
  status: MigrationStatus | undefined,
  rest: Partial<MigrationSnapshot> = {},
): MigrationSnapshot => ({
  id: STATUS.workflowId,
  execution: 'running',
  startedAt: '2026-01-02T03:04:05.000Z',
  taskQueue: 'canton-migrate',
  isWorkerPresent: status !== undefined,
  pending: [],
  ...(status && { status }),
  ...rest,
});

export const SNAPSHOTS: Record<string, MigrationSnapshot> = {
  'status-transfer': snapshot(STATUS, {
    pending: [
      {
        step: 'copyActiveContracts',
        attempt: 3,
        lastFailure: 'new: ImportAcs: UNAVAILABLE',
        progress: { imported: 10_000, of: 12_350, exported: 12_350, perSecond: 2_000, etaSeconds: 2 },
      },
    ],
  }),
  'status-gate': snapshot({
    ...STATUS,
    state: 'waiting-for-approval',
    stage: 'delegate-namespace',
    summary: 'waiting for the approval of root-key',
    next: 'canton-migrate approve root-key',
    phases: PHASES.map((phase) => ({ phase, state: 'waiting', changed: [], workedMs: 0, waitedMs: 0 })),
    gate: {
      name: 'root-key',
      statement: 'the root namespace key of the source is kept offline and safe',
      approves: ['old to new', '2 parties to move; 1 to stay'],
    },
    contracts: { done: 0, total: 0, perSecond: 0, etaSeconds: 0 },
  }),
  'status-held': snapshot(
    { ...STATUS, tuning: { targetSeconds: 10, contractsPerSecond: 2_500 } },
    {
      pending: [
        {
          step: 'copyActiveContracts',
          attempt: 1,
          progress: { imported: 11_000, of: 12_350, exported: 12_350, perSecond: 1_900, held: 'paused' },
        },
      ],
    },
  ),
  'status-retried': snapshot(STATUS, {
    pending: [
      {
        step: 'copyActiveContracts',
        attempt: 2,
        lastFailure: 'new: ImportAcs: UNAVAILABLE',
        nextAttemptAt: '2026-01-02T03:14:05.000Z',
        progress: { imported: 10_000, of: 12_350, exported: 12_350, perSecond: 2_000, etaSeconds: 2 },
      },
    ],
  }),
  'status-comparing': snapshot(
    { ...COPIED, summary: 'verify is under way' },
    {
      pending: [
        {
          step: 'compareActiveContracts',
          attempt: 1,
          progress: { compared: 5_000, of: 12_350, perSecond: 1_000, etaSeconds: 8 },
        },
      ],
    },
  ),
  'status-verified': snapshot({
    ...COPIED,
    state: 'waiting-for-approval',
    summary: 'waiting for the approval of cut-over',
    next: 'canton-migrate approve cut-over',
    verification: EQUAL,
  }),
  'status-stale': snapshot({
    ...COPIED,
    summary: 'verify is under way',
    verification: { ...EQUAL, state: 'stale' },
  }),
  'status-stopped': snapshot({
    ...STATUS,
    state: 'stopped',
    summary: 'stopped: DelegationConflict',
    next: 'remove the cause, then canton-migrate resume; or canton-migrate abort',
    lastFailure: {
      stage: 'delegate-namespace',
      kind: 'refused',
      type: 'DelegationConflict',
      message: 'the key holds CanSignSpecificMappings, expected CanSignAllButNamespaceDelegations',
      cure: 'use another key of the target',
    },
  }),
  'status-warm': snapshot({
    ...STATUS,
    state: 'waiting-for-approval',
    summary: 'waiting for the approval of interrupt-service',
    next: 'canton-migrate approve interrupt-service',
    contracts: { done: 12_350, total: 12_350, perSecond: 2_000, etaSeconds: 0 },
    warmCopy: {
      catchUps: [
        { offset: '4711', created: 15_000, archived: 3_000, seconds: 24.1 },
        { offset: '4790', created: 1_500, archived: 300, seconds: 2.4 },
      ],
      freezeSeconds: 67,
    },
  }),
  'status-not-verified': snapshot({
    ...COPIED,
    state: 'stopped',
    summary: 'verify stopped: 14 contracts differ',
    next: 'canton-migrate repair, or canton-migrate abort',
    verification: {
      ...EQUAL,
      state: 'not-verified',
      isEqual: false,
      differences: Array.from({ length: 12 }, (_, index) => ({
        contractId: `00${index}`,
        parties: [`alice::${NAMESPACE}`, `bob::${NAMESPACE}`],
        kind: index < 11 ? 'missing' : 'extra',
      })),
      differenceCount: 14,
      totals: { missing: 13, extra: 1, different: 0 },
    },
  }),
  'status-watching': snapshot(
    {
      ...COPIED,
      state: 'watching',
      stage: 'watch',
      summary: 'migrated and verified, the target serves; source watch: the source is parked',
      next: 'stop the process of old for good, then canton-migrate close',
      verification: EQUAL,
      watch: WATCH,
      isPastPointOfNoReturn: true,
    },
    { pending: [{ step: 'watchSource', attempt: 2, lastFailure: 'worker shutdown' }] },
  ),
  'status-alarm': snapshot({
    ...COPIED,
    state: 'watching',
    stage: 'watch',
    summary: 'migrated and verified, the target serves; source watch: ALARM',
    next: 'find out who connected the source and stop that, then canton-migrate park',
    verification: EQUAL,
    watch: {
      ...WATCH,
      state: 'alarm',
      aliases: [{ alias: 'main', isConnected: true, isManualConnect: false }],
      ledgerEnd: '25',
      reason:
        'old: connected to main and connects by itself; its ledger end is 25, expected 22: something happened on it',
      since: '2026-01-02T05:06:00.000Z',
      lastLookedAt: '2026-01-02T05:06:00.000Z',
      alarmCount: 1,
      moved: { from: '22', to: '25' },
    },
    isPastPointOfNoReturn: true,
  }),
  'status-undo-stopped': snapshot({
    ...COPIED,
    state: 'stopped',
    stage: 'recreate-parties',
    summary: 'recreate-parties stopped: parties are still hosted',
    next: 'check the target: canton-migrate resume; it is retried automatically at 2026-01-02T05:06:00.000Z',
    retryAt: '2026-01-02T05:06:00.000Z',
    lastFailure: {
      ...FAILURE,
      stage: 'recreate-parties',
      type: 'PartiesNotWithdrawn',
      message: 'of alice, some are still hosted by new after 120 s',
    },
    firstFailure: FAILURE,
  }),
  'status-no-worker': snapshot(undefined, {
    pending: [
      {
        step: 'copyActiveContracts',
        attempt: 1,
        progress: { imported: 10_000, of: 12_350, exported: 12_350, perSecond: 2_000, etaSeconds: 2 },
      },
    ],
  }),
  'status-aborted': snapshot(
    {
      ...STATUS,
      state: 'aborted',
      summary: 'aborted',
      next: 'start again whenever you like',
      withdrawal: {
        withdrawn: ['2 parties removed from the target synchronizer'],
        stays: [{ what: 'the delegation of the namespace', why: 'its removal cannot be undone' }],
        checked: ['old connected to main, pings itself in 12 ms'],
        firstFailure: FAILURE,
      },
    },
    { execution: 'failed' },
  ),
};

const DIGEST = '5'.repeat(64);

export const REPORT: MigrationReport = {
  outcome: 'migrated',
  workflowId: `migrate-participant/${SOURCE_UID}`,
  names: { source: 'old', target: 'new' },
  route: 'route new-synchronizer, from acme to da, with old out of service meanwhile',
  begunAt: '2026-01-02T03:00:00.000Z',
  timeline: { spans: [], samples: [], steps: [], events: [] },
  sourceUid: SOURCE_UID,
  targetUid: TARGET_UID,
  planHash: PLAN_HASH,
  phases: PHASES.map((phase, index) => ({
    phase,
    changed: index === 0 ? [] : [`${counted(index, 'thing')}`],
    workedMs: 900 * 6 ** index,
    waitedMs: index === 5 ? 540_000 : 0,
  })),
  approvals: [{ gate: 'root-key', approver: 'ada@ops', approvedAt: '2026-01-02T03:04:05Z' }],
  verification: {
    packages: [],
    isEqual: true,
    contractCount: 12_350,
    parties: [
      {
        party: `alice::${NAMESPACE}`,
        source: { contractCount: 12_345, digest: DIGEST },
        target: { contractCount: 12_345, digest: DIGEST },
        isEqual: true,
      },
    ],
    unequalParties: [],
    unequalPartyCount: 0,
    differences: [],
    differenceCount: 0,
    totals: { missing: 0, extra: 0, different: 0 },
    verifiedAt: '2026-01-02T04:05:06.000Z',
    sourceOffset: '41',
    targetLedgerEnd: '42',
  },
  leftToDo: [{ what: 'stop the process of old for good', why: 'nobody monitors it any more' }],
  watch: { ...WATCH, state: 'unreachable', aliases: [], reason: 'old: UNAVAILABLE' },
  closedBy: 'ada@ops',
  closedAt: '2026-01-02T06:05:06.000Z',
};

const UNEQUAL: PartyComparison = {
  party: `alice::${NAMESPACE}`,
  source: { contractCount: 12_345, digest: DIGEST },
  target: { contractCount: 12_344, digest: '6'.repeat(64) },
  isEqual: false,
};

export const NOT_VERIFIED: MigrationReport['verification'] = {
  packages: [],
  isEqual: false,
  contractCount: 12_350,
  parties: [UNEQUAL],
  unequalParties: [UNEQUAL],
  unequalPartyCount: 1,
  differences: [{ contractId: '00ab', parties: [`alice::${NAMESPACE}`], kind: 'missing' }],
  differenceCount: 3,
  totals: { missing: 2, extra: 1, different: 0 },
  verifiedAt: '2026-01-02T04:05:06.000Z',
  sourceOffset: '41',
  targetLedgerEnd: '42',
};
