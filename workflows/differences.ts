import { refOf } from '../model/plan-parts.js';
import type { Run } from './run.js';

/** Reads what has changed since the plan, beside what the steps so far made: whoever decides at a gate has to know it. */
export async function readDifferences({ plan, migration, act }: Run): Promise<void> {
  const stateOf = (name: string) => migration.steps.find((step) => step.name === name)?.state;
  const isBegun = (name: string) => !['waiting', undefined].includes(stateOf(name));
  migration.differences = await act.readDifferences({
    source: refOf(plan.source),
    target: refOf(plan.target),
    isDelegated: stateOf('delegate-namespace') === 'done',
    isLocalStateCopied: isBegun('copy-local-state'),
    isFrozen: isBegun('freeze-source'),
  });
}
