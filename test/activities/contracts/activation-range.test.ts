import assert from 'node:assert/strict';
import test from 'node:test';

import { withGone, type ActivationRange } from '../../../activities/contracts/activation-range.js';
import type { ParticipantReads } from '../../../model/participant-access.js';
import type { Turnover } from '../../../model/participant.js';
import { failing } from '../../support/failing.js';

const SYNCHRONIZER = 'acme::1220aa';

/** Alice becomes active at offset 10, Bob at 20, Carol at 30. */
async function goneAt(turnovers: Turnover[]): Promise<[string, number][]> {
  const parties = ['alice', 'bob', 'carol'];
  const activations = parties.map((party, at) => ({
    offset: String(10 * (at + 1)),
    recordTime: '2026-01-02T03:04:05.000000Z',
    parties: [party],
  }));
  const ledger = {
    scanTurnover: () =>
      (async function* () {
        yield* turnovers;
      })(),
  };
  const range: ActivationRange = {
    source: { name: 'old', ledger } as unknown as ParticipantReads,
    activations,
    parties,
    synchronizerId: SYNCHRONIZER,
    renameTo: SYNCHRONIZER,
    excludedStakeholders: [],
    signal: new AbortController().signal,
  };
  const activationOf = new Map(parties.map((party, at) => [party, at]));
  const found = await withGone(range, { activationOf, excluded: new Set() });
  return [...(found.goneAt ?? [])];
}

const left = (offset: number, contractId: string, ...stakeholders: string[]): Turnover => ({
  offset: String(offset),
  contractId,
  stakeholders,
  isArrival: false,
});
const came = (...its: Parameters<typeof left>): Turnover => ({ ...left(...its), isArrival: true });

test('activation-range: what ended after the first activation of a stakeholder is not kept in mind', async () => {
  const found = await goneAt([
    left(15, '00aa', 'alice', 'carol'),
    left(16, '00bb', 'bob'),
    left(25, '00cc', 'bob', 'carol'),
    left(25, '00dd', 'carol', 'dave'),
    left(26, '00ee', 'dave'),
  ]);

  assert.deepEqual(found, [
    ['00bb', 1],
    ['00dd', 2],
  ]);
});

test('activation-range: a contract that was assigned to the synchronizer before its parties became active is refused by name', async () => {
  await assert.rejects(
    goneAt([left(11, '00aa', 'carol'), came(15, '00aa', 'carol')]),
    failing('ContractReassigned', 'refused', '00aa', SYNCHRONIZER),
  );
});

test('activation-range: one that was assigned later, or had gone again by then, is not', async () => {
  const found = await goneAt([
    came(15, '00aa', 'alice'),
    came(15, '00bb', 'carol'),
    left(25, '00bb', 'carol'),
  ]);

  assert.deepEqual(found, [['00bb', 2]]);
});
