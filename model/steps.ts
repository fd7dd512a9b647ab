import type { MigrationState, MigrationStatus, Serving } from './steering.js';

const SERVING: Record<Serving, string> = {
  source: 'the source serves the parties',
  nobody: 'nobody serves the parties',
  both: 'both nodes serve the parties',
  target: 'the target serves the parties',
};

/** While the steps go forward. */
const FORWARD: ReadonlySet<MigrationState> = new Set([
  'running',
  'waiting-for-approval',
  'paused',
  'stopped',
]);

/** The step that is under way, or was last, who serves after it, and which one comes next; empty if none was begun. */
export function stepLines({
  state,
  steps,
  retryAt,
}: Pick<MigrationStatus, 'state' | 'steps' | 'retryAt'>): string[] {
  const at = steps.findLastIndex((step) => step.state !== 'waiting');
  const step = steps[at];
  // Only what is taken back is tried again by itself.
  if (!step || !FORWARD.has(state) || retryAt !== undefined) return [];
  const next = steps[at + 1];
  const note = next?.isPointOfNoReturn ? ', the point of no return' : '';
  const then = next ? `; then ${next.name}${note}` : '';
  const where = `step ${at + 1} of ${steps.length}, ${step.name}`;
  const serving = SERVING[step.serving];
  // At a gate it is the one before.
  if (step.state === 'done') return [`Done up to ${where}: ${serving}${then}`];
  return [`At ${where}, after which ${serving}${then}`];
}
