import { abilitiesOf } from '../../model/abilities.js';
import { isReverse, type MigrationPlan } from '../../model/plan.js';
import * as cutOver from '../phases/cut-over.js';
import * as delegateNamespace from '../phases/delegate-namespace.js';
import * as migrateDars from '../phases/migrate-dars.js';
import * as migrateLocalState from '../phases/migrate-local-state.js';
import * as recreateParties from '../phases/recreate-parties.js';
import * as transferActiveContracts from '../phases/transfer-active-contracts.js';
import * as transferUndo from '../phases/transfer-undo.js';
import * as verify from '../phases/verify.js';
import * as withdrawal from '../phases/withdrawal.js';
import type { Run } from '../run.js';
import type { Route } from './route.js';

const { isWarm } = transferActiveContracts;
const isCold = (plan: MigrationPlan) => !isWarm(plan);
const hostsDisconnected = (plan: MigrationPlan) => abilitiesOf(plan).hostsDisconnected;
/** A target whose database has to be replaced is left as it is. */
const unlessSpent =
  (undo: (run: Run) => Promise<string[]>) =>
  async (run: Run): Promise<string[]> =>
    transferUndo.isTargetSpent(run.plan, run.migration.transfer) ? [] : undo(run);

/**
 * Over another synchronizer, as Canton's manual has it: the source is out of service from its freeze to the cut-over.
 *
 * Back to a node that was parked, and has the contracts of an earlier time, it is the same procedure. Such a node stays
 * disconnected until it serves, so what topology needs of it comes after that.
 */
export const newSynchronizer: Route = {
  steps: [
    {
      name: 'delegate-namespace',
      phase: 'delegate-namespace',
      gate: 'root-key',
      facts: ['keys', 'delegations', 'connections'],
      serving: 'source',
      apply: ({ plan, act, migration }) => delegateNamespace.apply(plan, act, migration.signatures),
      stays: ({ plan }) => delegateNamespace.remains(plan),
    },
    {
      name: 'host-parties',
      phase: 'recreate-parties',
      isFor: (plan) => !hostsDisconnected(plan),
      facts: ['hosting', 'connections'],
      serving: 'source',
      apply: ({ plan, act, migration, unless }) => recreateParties.apply(plan, act, migration, unless),
      undo: ({ plan, act, migration }) => recreateParties.undo(plan, act, migration.transfer),
      stays: ({ plan, migration }) => recreateParties.remains(plan, migration.transfer),
    },
    {
      name: 'upload-dars',
      phase: 'migrate-dars',
      facts: ['packages', 'connections'],
      serving: 'source',
      apply: ({ plan, act, migration }) => migrateDars.apply(plan, act, migration.transfer),
      undo: unlessSpent(({ plan, act, migration }) => migrateDars.undo(plan, act, migration.transfer)),
      stays: ({ plan, migration }) => migrateDars.remains(plan, migration.transfer),
    },
    {
      name: 'copy-local-state',
      phase: 'migrate-local-state',
      facts: ['local state'],
      serving: 'source',
      apply: ({ plan, act, migration }) => migrateLocalState.apply(plan, act, migration.transfer),
      undo: unlessSpent(({ plan, act, migration }) =>
        migrateLocalState.undo(plan, act, migration.transfer),
      ),
    },
    {
      name: 'check-target',
      phase: 'transfer-active-contracts',
      isFor: (plan) => !isReverse(plan),
      facts: ['hosting', 'grants', 'connections'],
      serving: 'source',
      apply: ({ plan, act, migration }) => recreateParties.check(plan, act, migration.transfer),
    },
    {
      name: 'copy-ahead',
      phase: 'transfer-active-contracts',
      isFor: isWarm,
      gate: 'warm-copy',
      facts: ['hosting', 'grants', 'packages', 'connections', 'ledger ends', 'contracts'],
      serving: 'source',
      apply: ({ planned, act, migration }) =>
        transferActiveContracts.copyAhead(planned, act, migration.transfer),
      undo: ({ planned, act, migration }) => transferUndo.clearTarget(planned, act, migration.transfer),
      stays: ({ plan, migration }) => transferUndo.remains(plan, migration.transfer),
    },
    {
      name: 'isolate-target',
      phase: 'transfer-active-contracts',
      isFor: isCold,
      gate: 'interrupt-service',
      facts: ['hosting', 'grants', 'connections', 'ledger ends'],
      serving: 'source',
      apply: ({ plan, act, migration }) =>
        transferActiveContracts.isolateTarget(plan, act, migration.transfer),
      undo: ({ planned, act, migration }) => transferUndo.clearTarget(planned, act, migration.transfer),
      stays: ({ plan, migration }) => transferUndo.remains(plan, migration.transfer),
    },
    {
      name: 'host-parties-of-isolated-target',
      phase: 'recreate-parties',
      isFor: hostsDisconnected,
      gate: 'interrupt-service',
      facts: ['hosting', 'connections'],
      serving: 'source',
      apply: ({ plan, act }) => recreateParties.hostDisconnected(plan, act),
      undo: unlessSpent(({ plan, act }) => recreateParties.undoDisconnected(plan, act)),
    },
    {
      name: 'freeze-source',
      phase: 'transfer-active-contracts',
      gate: 'interrupt-service',
      facts: ['hosting', 'packages', 'connections', 'ledger ends', 'contracts', 'in flight'],
      serving: 'nobody',
      apply: ({ planned, act, migration }) =>
        transferActiveContracts.freeze(planned, act, migration.transfer),
      undo: ({ plan, act, migration }) => transferUndo.returnSource(plan, act, migration.transfer),
    },
    {
      name: 'copy-contracts',
      phase: 'transfer-active-contracts',
      facts: ['packages', 'connections', 'ledger ends', 'contracts'],
      serving: 'nobody',
      apply: ({ planned, act, migration }) =>
        transferActiveContracts.apply(planned, act, migration.transfer),
    },
    {
      name: 'compare-nodes',
      phase: 'verify',
      facts: ['local state', 'limits', 'connections', 'ledger ends', 'contracts'],
      serving: 'nobody',
      isProof: true,
      apply: (run) => verify.prove(run),
    },
    {
      name: 'park-source',
      phase: 'cut-over',
      gate: 'cut-over',
      facts: ['hosting', 'connections', 'ledger ends'],
      serving: 'nobody',
      needsProof: true,
      apply: (run) => cutOver.parkSource(run),
    },
    {
      name: 'connect-target',
      phase: 'cut-over',
      facts: ['connections', 'ledger ends', 'contracts'],
      serving: 'target',
      needsProof: true,
      isPointOfNoReturn: true,
      apply: (run) => cutOver.connect(run),
    },
    {
      name: 'host-parties-of-parked-target',
      phase: 'cut-over',
      isFor: isReverse,
      facts: ['hosting', 'connections', 'ledger ends'],
      serving: 'target',
      apply: (run) => cutOver.hostParties(run),
    },
    {
      name: 'vet-packages',
      phase: 'cut-over',
      facts: ['grants', 'packages', 'connections', 'ledger ends'],
      serving: 'target',
      apply: (run) => cutOver.apply(run),
    },
    {
      name: 'complete-local-state',
      phase: 'verify',
      facts: ['local state', 'limits'],
      serving: 'target',
      apply: ({ plan, act, migration }) => migrateLocalState.complete(plan, act, migration.transfer),
    },
    {
      name: 'compare-after-cut-over',
      phase: 'verify',
      facts: ['hosting', 'packages', 'local state', 'connections', 'ledger ends', 'contracts'],
      serving: 'target',
      apply: (run) => verify.apply(run),
    },
    {
      name: 'remove-exports',
      phase: 'verify',
      facts: [],
      serving: 'target',
      apply: ({ planned, act, migration }) =>
        transferUndo.removeExport(planned, act, migration.transfer),
    },
  ],
  checkUndone: ({ planned, act, migration }) => withdrawal.check(planned, act, migration.transfer),
};
