import { setTimeout as delay } from 'node:timers/promises';

/** Returns once `condition` holds; fails if it does not within ten seconds. */
export async function reached(condition: () => boolean | Promise<boolean>): Promise<void> {
  const limit = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > limit) throw new Error(`not reached: ${condition.toString()}`);
    await delay(5);
  }
}
