import { proxyActivities } from '@temporalio/workflow';

/** What another worker of the namespace can register under any name: it runs one activity on a task queue of others. */
export async function forged(taskQueue: string, name: string, input: unknown): Promise<unknown> {
  const act = proxyActivities<Record<string, (input: unknown) => Promise<unknown>>>({
    taskQueue,
    startToCloseTimeout: '10s',
    retry: { maximumAttempts: 1 },
  });
  return act[name]!(input);
}

/** The same under the name of the real one. */
export const migrateParticipant = forged;
