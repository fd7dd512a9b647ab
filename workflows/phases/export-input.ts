import type { ExportInput } from '../../activities/contracts/spooling.js';
import type { ByReference } from '../../model/listed.js';
import { protocolVersionOf } from '../../model/physical-id.js';
import { isReverse, movedParties, type HashedPlan } from '../../model/plan.js';
import { refOf } from '../../model/plan-parts.js';

/**
 * Contracts in the smallest unit of an import call. It goes with the input of the export, so that a transfer that is
 * under way when a worker is upgraded finds its beginning again.
 */
export const SEGMENT_CONTRACTS = 500;

/** Which export this migration makes of the source at an offset. */
export function exportInput({ plan, hash }: HashedPlan, offset: string): ByReference<ExportInput> {
  return {
    source: refOf(plan.source),
    target: refOf(plan.target),
    planHash: hash,
    synchronizers: {
      source: plan.source.synchronizer.logicalId,
      target: plan.target.synchronizer.logicalId,
    },
    ...(plan.abilities && { protocolVersion: protocolVersionOf(plan.target.synchronizer) }),
    parties: movedParties(plan),
    allowsShared: plan.contracts.treatment === 'include',
    excludedStakeholders: plan.contracts.treatment === 'exclude' ? plan.contracts.sharedWith : [],
    ...(isReverse(plan) && { keptStakeholders: plan.changes.keptWith }),
    offset,
    segmentContracts: SEGMENT_CONTRACTS,
    expectedContracts: plan.contracts.total,
  };
}
