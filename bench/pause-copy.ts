import { setTimeout } from 'node:timers/promises';

import { connectParticipant } from '../canton/index.js';
import { approveAll, startMigration, type BenchStack } from './migrating.js';

const POLL_MS = 50;
/** So long nothing has to come any more; as long as a call is by default. */
const SILENT_MS = 5_000;
const BY = { by: 'the benchmark' };

export interface PauseFigures {
  /** From the request until the target took the last contract, and no call was open. */
  seconds: number;
  /** Of all calls together, more than there are; a call that broke counts whole. */
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
      const isOpen = (await importCalls(stack)).some(({ outcome }) => outcome === undefined);
      if (now !== ledgerEnd || isOpen) lastAt = performance.now();
      ledgerEnd = now;
      await setTimeout(POLL_MS);
    }
    await client.resume(id, BY);
    const { verification } = await Promise.race([stack.broken, approved]);
    const sent = (await importCalls(stack)).reduce((sum, call) => sum + call.contracts, 0);
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

/** Each with as many contracts as its prefix of workflow ids says. */
async function importCalls({ sandbox }: BenchStack) {
  const url = `http://${sandbox.control}/calls?participant=target&method=ImportAcs`;
  const calls = (await (await fetch(url)).json()) as { request: string; outcome?: string }[];
  return calls.map(({ request, outcome }) => {
    const [, from = 0, to = 0] = /mig-[0-9a-f]{16}\S*?-(\d+)-(\d+)"/.exec(request) ?? [];
    return { outcome, contracts: Number(to) - Number(from) };
  });
}
