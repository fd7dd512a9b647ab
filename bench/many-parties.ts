import { setTimeout } from 'node:timers/promises';

import type { HandedIn } from '../model/ceremony.js';
import type { Gate } from '../model/phase.js';
import { approveAll, onStack, peakBytes, startMigration, type BenchStack } from './migrating.js';
import { longestActivities, readTimeline } from './timeline.js';

/** What a warm real participant takes with many parties. Source: networks H. */
const PARTY_COST = {
  exportMicrosPerParty: 400,
  listMicrosPerParty: 3_700,
  signMicrosPerTransaction: 1_750,
  addMicrosPerTransaction: 2_500,
  authorizeMicrosPerTransaction: 11_500,
  orderMicrosPerTransaction: 9_200,
};
/**
 * With the calls that are made, by the recorded rates: a party is proposed, activated and cleared, each by a
 * topology transaction that the nodes make or order one after the other.
 */
export const RECORDED_SECONDS_PER_PARTY =
  (2 * PARTY_COST.authorizeMicrosPerTransaction + PARTY_COST.orderMicrosPerTransaction) / 1e6;
const FEW = 10;
const POLL_MS = 500;
/** Of a hundred parties, those that sign for themselves. */
const EXTERNAL_PERCENT = 90;
/** So many requests to the sandbox at once. */
const SIGNED_AT_ONCE = 50;

interface LiveFigure {
  parties: number;
  contracts: number;
  hookPort: number;
  costs: Record<string, number>;
}

/** Seconds, and those of the longest activities. */
interface SwitchFigure {
  seconds: number;
  longest: [string, number][];
}

/** From the start, which plans first, to the gate `switch`: of so many local parties, and of ten. */
export async function measureSwitch({ parties, ...rest }: LiveFigure) {
  return { many: await toSwitch({ parties, ...rest }), few: await toSwitch({ parties: FEW, ...rest }) };
}

async function toSwitch({ parties, contracts, hookPort, costs }: LiveFigure): Promise<SwitchFigure> {
  return onStack(
    { parties, contracts },
    async (stack) => {
      const begin = performance.now();
      const id = await startMigration(stack);
      const reached = new Promise<SwitchFigure>((resolve, reject) => {
        const before = (gate: Gate) => {
          if (gate !== 'switch') return Promise.resolve();
          const seconds = (performance.now() - begin) / 1000;
          longestActivities(stack, id).then((longest) => resolve({ seconds, longest }), reject);
          // Nothing after it is measured: the stack is stopped.
          return new Promise<void>(() => undefined);
        };
        approveAll(stack, id, before).then(
          () => reject(new Error('it ended before its gate switch')),
          reject,
        );
      });
      return Promise.race([stack.broken, reached]);
    },
    { ...costs, ...PARTY_COST, onboardingMs: 1_000, reconciliationMs: 10_000 },
    { hookPort },
  );
}

export interface ManyFigures {
  planSeconds: number;
  planPeakBytes: number;
  signatures: number;
  importSeconds: number;
  statusBytes: number;
  statusMs: number;
  events: number;
  historyBytes: number;
  wholeSeconds: number;
}

/**
 * A plan of so many parties, most of them external, and with `isWhole` the migration of all of them to its
 * end.
 */
export async function measureMany(parties: number, isWhole: boolean): Promise<Partial<ManyFigures>> {
  const external = Math.round((parties * EXTERNAL_PERCENT) / 100);
  // A contract of each party.
  const sizes = { parties: parties - external, external, contracts: parties - external };
  return onStack(sizes, async (stack) => {
    const { client, sandbox, worker } = stack;
    const request = { ...sandbox.request, parties: ['local', 'external'] };
    const begin = performance.now();
    await client.plan(request);
    const planSeconds = (performance.now() - begin) / 1000;
    const planPeakBytes = peakBytes(worker.pid) ?? NaN;
    if (!isWhole) return { planSeconds, planPeakBytes };
    const startedAt = performance.now();
    const id = await client.start(request);
    const figures = await Promise.race([stack.broken, signedMigration(stack, id)]);
    const { events, bytes } = await readTimeline(stack, id);
    const wholeSeconds = (performance.now() - startedAt) / 1000;
    return { planSeconds, planPeakBytes, ...figures, events, historyBytes: bytes, wholeSeconds };
  });
}

async function signedMigration(stack: BenchStack, id: string) {
  const { client } = stack;
  await untilGate(stack, id);
  const asked = performance.now();
  const { status } = await client.status(id);
  const statusMs = performance.now() - asked;
  const signed = await signedBy(stack, id);
  const begin = performance.now();
  const taken = await client.provideSignatures(id, { signatures: signed, by: 'the benchmark' });
  if (taken.refusedCount > 0) throw new Error(`refused: ${JSON.stringify(taken.refused)}`);
  const importSeconds = (performance.now() - begin) / 1000;
  await approveAll(stack, id);
  return {
    ...{ statusMs, statusBytes: Buffer.byteLength(JSON.stringify(status)) },
    ...{ signatures: signed.length, importSeconds },
  };
}

async function untilGate({ client }: BenchStack, id: string): Promise<void> {
  for (;;) {
    const { status } = await client.status(id);
    if (status?.gate) return;
    if (status?.state === 'stopped') throw new Error(status.summary);
    await setTimeout(POLL_MS);
  }
}

/** As a custody system would: it is told a key and the bytes, and answers with a signature. */
async function signedBy({ client, sandbox }: BenchStack, id: string): Promise<HandedIn[]> {
  const { requests = [] } = (await client.signaturesToProvide(id)).hostings ?? {};
  const signed: HandedIn[] = [];
  for (let at = 0; at < requests.length; at += SIGNED_AT_ONCE) {
    const some = requests.slice(at, at + SIGNED_AT_ONCE).map(async ({ hash, key }) => {
      const url = `http://${sandbox.control}/sign?fingerprint=${key.fingerprint}`;
      const body = JSON.stringify({ bytes: Buffer.from(hash, 'hex').toString('base64') });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(url, { method: 'POST', headers, body });
      if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
      const { signature } = (await answer.json()) as { signature: string };
      return { hash, signedBy: key.fingerprint, signature };
    });
    signed.push(...(await Promise.all(some)));
  }
  return signed;
}
