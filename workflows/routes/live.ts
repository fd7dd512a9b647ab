import type { LivePlan } from '../../model/plan.js';
import * as delegateNamespace from '../phases/delegate-namespace.js';
import * as cutOver from '../phases/live/cut-over.js';
import { hostOf } from '../phases/live/live-input.js';
import * as owners from '../phases/live/owners.js';
import * as recreateParties from '../phases/live/recreate-parties.js';
import * as transferActiveContracts from '../phases/live/transfer-active-contracts.js';
import * as verify from '../phases/live/verify.js';
import * as withdrawal from '../phases/live/withdrawal.js';
import * as migrateDars from '../phases/migrate-dars.js';
import * as migrateLocalState from '../phases/migrate-local-state.js';
import type { LiveRun } from '../run.js';
import type { Route } from './route.js';

const { proven } = transferActiveContracts;
const joins = ({ live }: LivePlan) => live.joins;

/** A target that is lost is left as it is, disconnected: nothing of it can be taken back, and it has to be rebuilt. */
const unlessLost =
  (undo: (run: LiveRun) => Promise<string[]>) =>
  async (run: LiveRun): Promise<string[]> =>
    withdrawal.isLost(run.live) ? [] : undo(run);

/**
 * Live, on the synchronizer of both nodes: the target becomes a host beside the source, which serves until the clients
 * have moved. Source: live-route 2.
 */
export const live: Route<LiveRun> = {
  steps: [
    {
      name: 'join-synchronizer',
      phase: 'recreate-parties',
      isFor: joins,
      gate: 'root-key',
      facts: ['grants', 'connections'],
      serving: 'source',
      apply: ({ plan, act }) => recreateParties.join(plan, act),
      undo: unlessLost(withdrawal.restore),
      stays: ({ plan }) => recreateParties.joined(plan),
    },
    {
      name: 'check-target',
      phase: 'recreate-parties',
      gate: 'root-key',
      facts: ['grants', 'connections'],
      serving: 'source',
      apply: ({ plan, act }) => recreateParties.check(plan, act),
    },
    {
      name: 'delegate-namespace',
      phase: 'delegate-namespace',
      gate: 'root-key',
      facts: ['keys', 'delegations', 'connections'],
      serving: 'source',
      apply: ({ plan, act, migration }) => delegateNamespace.apply(plan, act, migration.signatures),
      stays: ({ plan, live: its }) =>
        delegateNamespace.remains(plan, { isTargetLost: withdrawal.isLost(its) }),
    },
    {
      name: 'propose-parties',
      phase: 'recreate-parties',
      facts: ['delegations', 'hosting', 'connections'],
      serving: 'source',
      apply: ({ plan, act, migration }) => recreateParties.apply(plan, act, migration),
      // Whoever joined is restored by the undo of that step.
      undo: unlessLost(async (run) => (joins(run.plan) ? [] : withdrawal.restore(run))),
      stays: recreateParties.remains,
    },
    {
      name: 'upload-dars',
      phase: 'migrate-dars',
      facts: ['packages', 'connections'],
      serving: 'source',
      apply: (run) => transferActiveContracts.migrateDars(run),
      undo: unlessLost((run) => withdrawal.withdrawDars(run)),
      stays: ({ plan, live: its, migration }) =>
        withdrawal.isLost(its) ? [] : migrateDars.remains(plan, migration.transfer),
    },
    {
      name: 'copy-local-state',
      phase: 'migrate-local-state',
      facts: ['local state'],
      serving: 'source',
      apply: ({ plan, act, migration }) => migrateLocalState.apply(plan, act, migration.transfer),
      undo: ({ plan, act, live: its, migration }) =>
        withdrawal.isLost(its)
          ? migrateLocalState.resumePruning(plan, act)
          : migrateLocalState.undo(plan, act, migration.transfer),
    },
    {
      name: 'await-owners',
      phase: 'recreate-parties',
      isFor: ({ live: { signedByOthers } }) => signedByOthers > 0,
      facts: ['delegations', 'hosting', 'connections'],
      serving: 'source',
      apply: (run) => owners.awaitOwners(run),
    },
    {
      name: 'isolate-target',
      phase: 'transfer-active-contracts',
      facts: ['hosting', 'packages', 'connections', 'ledger ends'],
      serving: 'source',
      apply: (run) => transferActiveContracts.isolate(run),
      undo: (run) => withdrawal.withdrawHosts(run),
      stays: (run) => withdrawal.remains(run),
    },
    {
      name: 'activate-target',
      phase: 'transfer-active-contracts',
      gate: 'target-backup',
      watch: (run) => transferActiveContracts.watchIsolated(run),
      facts: ['delegations', 'hosting', 'packages', 'connections', 'ledger ends', 'contracts'],
      serving: 'source',
      apply: proven(transferActiveContracts.activate),
    },
    {
      name: 'copy-contracts',
      phase: 'transfer-active-contracts',
      facts: ['packages', 'connections', 'ledger ends', 'contracts'],
      serving: 'source',
      apply: proven(transferActiveContracts.copy),
    },
    {
      name: 'compare-nodes',
      phase: 'verify',
      facts: ['connections', 'ledger ends', 'contracts'],
      serving: 'source',
      isProof: true,
      apply: proven(verify.prove),
    },
    {
      name: 'connect-target',
      phase: 'cut-over',
      facts: ['grants', 'packages', 'connections', 'ledger ends', 'contracts'],
      serving: 'both',
      needsProof: true,
      apply: proven(cutOver.connect),
    },
    {
      name: 'clear-onboarding-flags',
      phase: 'cut-over',
      facts: ['hosting', 'connections'],
      serving: 'both',
      needsProof: true,
      apply: proven(cutOver.clearFlags),
    },
    {
      name: 'compare-while-both-serve',
      phase: 'cut-over',
      facts: [
        'hosting',
        'grants',
        'local state',
        'limits',
        'connections',
        'ledger ends',
        'contracts',
        'in flight',
        'commitments',
      ],
      serving: 'both',
      needsProof: true,
      isProof: true,
      apply: proven(cutOver.compareBoth),
    },
    {
      name: 'move-clients',
      phase: 'cut-over',
      gate: 'switch',
      watch: (run) => cutOver.watchSwitch(run),
      facts: ['hosting', 'grants', 'packages', 'connections', 'ledger ends', 'contracts'],
      serving: 'both',
      needsProof: true,
      apply: proven(cutOver.quiesce),
    },
    {
      name: 'remove-source',
      phase: 'cut-over',
      facts: [
        'hosting',
        'grants',
        'connections',
        'ledger ends',
        'contracts',
        'in flight',
        'commitments',
      ],
      serving: 'target',
      needsProof: true,
      isPointOfNoReturn: true,
      apply: (run) => cutOver.removeSource(run),
    },
    {
      name: 'complete-local-state',
      phase: 'verify',
      facts: ['packages', 'local state', 'limits', 'ledger ends'],
      serving: 'target',
      apply: async ({ plan, act, live: its, migration: { transfer } }) => {
        await migrateDars.bringLast(plan, act, transfer, hostOf(plan, its));
        const completed = await migrateLocalState.complete(plan, act, transfer);
        return [...migrateDars.takeNoted(transfer), ...completed];
      },
    },
    {
      name: 'compare-at-removal',
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
      apply: (run) => transferActiveContracts.removeExports(run),
    },
  ],
  checkUndone: (run) => withdrawal.check(run),
};
