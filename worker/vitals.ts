import type { NativeConnection, Worker } from '@temporalio/worker';

import type { Greeting } from './participants.js';

const TEMPORAL_EVERY_MS = 5_000;
const TEMPORAL_LIMIT_MS = 3_000;
const PARTICIPANTS_EVERY_MS = 30_000;

/** What somebody was last found to be; `at` is RFC 3339. */
export interface Seen {
  isReachable: boolean;
  at?: string;
}

/** How the worker is, at this moment. */
export class Vitals {
  isStopping = false;
  temporal: Seen = { isReachable: false };
  /** By name; `isReachable` means that both APIs answer, and accept us. */
  participants: (Seen & { name: string })[] = [];

  private worker: Pick<Worker, 'getState'> | undefined;
  private timers: NodeJS.Timeout[] = [];

  /** As the SDK calls it; `STARTING` while there is no worker yet. */
  get state(): ReturnType<Worker['getState']> | 'STARTING' {
    return this.worker?.getState() ?? 'STARTING';
  }

  /** From now on the worker asks for work. */
  works(worker: Pick<Worker, 'getState'>): void {
    this.worker = worker;
  }

  greeted(greetings: readonly Greeting[]): void {
    const at = new Date().toISOString();
    this.participants = greetings.map((its) => ({ name: its.name, isReachable: 'uid' in its, at }));
  }

  /** Looks at Temporal and at the participants again, every some seconds, until {@link close}. */
  keepLooking(connection: NativeConnection, greet: () => Promise<Greeting[]>): void {
    const look = async () => {
      this.temporal = await lookAt(connection);
    };
    const meet = async () => this.greeted(await greet());
    void look();
    this.timers = [
      setInterval(() => void look(), TEMPORAL_EVERY_MS),
      setInterval(() => void meet(), PARTICIPANTS_EVERY_MS),
    ];
  }

  close(): void {
    for (const timer of this.timers) clearInterval(timer);
  }
}

async function lookAt(connection: NativeConnection): Promise<Seen> {
  const isReachable = await connection
    .withAbortSignal(AbortSignal.timeout(TEMPORAL_LIMIT_MS), () =>
      connection.workflowService.getSystemInfo({}),
    )
    .then(
      () => true,
      () => false,
    );
  return { isReachable, at: new Date().toISOString() };
}
