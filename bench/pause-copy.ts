import { setTimeout } from 'node:timers/promises';

import { connectParticipant } from '../canton/index.js';
import { approveAll, startMigration, type BenchStack } from './migrating.js';

const POLL_MS = 50;
/** So long nothing has to come any more; ten times as long as a copy goes on before it asks whether it is paused. */
const SILENT_MS = 5_000;
const BY = { by: 'the benchmark' };

/** Address of the control port. */
type ControlledSandbox = Pick<BenchStack['sandbox'], 'control'>;

export interface PauseFigures {
  /** From the request until the target took the last contract, and no call was open. */
  seconds: number;
  /** Of all calls together, more than there are; of a call that broke, what had come. */
  sentTwice: number;
}

/** Pauses a migration when so many contracts are on the target, and resumes it when nothing comes any more. */
export async function measurePause(stack: BenchStack, contracts: number): Promise<PauseFigures> {
  const { client, sandbox } = stack;
  const id = await startMigration(stack);
  const approved = approveAll(stack, id);
  approved.catch(() => undefined);
  await Promise.race([stack.broken, approved, untilCopied(stack, id, contracts)]);
  const target = connectParticipant('target', sandbox.participants.target);
  try {
    const { ledger } = target.reading();
    const askedAt = performance.now();
    await client.pause(id, BY);
    let [lastAt, ledgerEnd] = [askedAt, await ledger.readLedgerEnd()];
    while (performance.now() - lastAt < SILENT_MS) {
      const now = await ledger.readLedgerEnd();
      const isOpen = (await importCalls(sandbox)).some(({ outcome }) => outcome === undefined);
      if (now !== ledgerEnd || isOpen) lastAt = performance.now();
      ledgerEnd = now;
      await setTimeout(POLL_MS);
    }
    await client.resume(id, BY);
    const { verification } = await Promise.race([stack.broken, approved]);
    const sent = await contractsSent(sandbox);
    return { seconds: (lastAt - askedAt) / 1000, sentTwice: sent - verification.contractCount };
  } finally {
    target.close();
  }
}

async function untilCopied({ client }: BenchStack, id: string, contracts: number): Promise<void> {
  for (;;) {
    const { pending } = await client.status(id);
    const copying = pending.find(({ step }) => step === 'copyActiveContracts');
    const { imported = 0 } = (copying?.progress ?? {}) as { imported?: number };
    if (imported >= contracts) return;
    await setTimeout(POLL_MS);
  }
}

/** How many contracts the target was sent since the sandbox started, each as often as it came. */
export async function contractsSent(sandbox: ControlledSandbox): Promise<number> {
  return (await importCalls(sandbox)).reduce((sum, { contractCount = 0 }) => sum + contractCount, 0);
}

async function importCalls({ control }: ControlledSandbox) {
  const url = `http://${control}/calls?participant=target&method=ImportAcs`;
  return (await (await fetch(url)).json()) as { contractCount?: number; outcome?: string }[];
}
