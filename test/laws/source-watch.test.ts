import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import * as withdrawal from '../../workflows/phases/withdrawal.js';
import { breaksOf, interrupted } from '../support/breaking.js';
import { snapshotOf } from '../support/snapshot.js';
import { SMALL, callsOf } from '../support/stack.js';
import { startSteps, undoPhase } from '../support/route-steps.js';

const FEW = { ...SMALL, parties: { local: 2 }, contracts: { count: 8 } };

suite('laws', { concurrency: 2 }, () => {
  test('withdrawal: failed before or after any call and made again, it changes nothing and finds the same', async (t) => {
    const migrating = await startSteps(t, { scenario: FEW, upTo: 'recreate-parties' });
    await undoPhase(migrating, 'recreate-parties');
    const check = () => withdrawal.check(migrating.planned, migrating.act, migrating.migration.transfer);
    const before = await snapshotOf(migrating);
    const calls = await callsOf(migrating, check);
    const found = told(await check());

    for (const { call, kind } of breaksOf(calls)) {
      await interrupted(migrating, call, kind, check);
      assert.deepEqual(told(await check()), found, `${kind} ${call.participant} ${call.method}`);
      assert.deepEqual(await snapshotOf(migrating), before);
    }
  });

  // Whatever a source watch finds, looking again finds the same; parking again changes nothing more.
  test('source watch: the source parked again with any call broken, and once more, stays parked', async (t) => {
    const migrating = await startSteps(t, { scenario: FEW, upTo: 'transfer-active-contracts' });
    const { act, refs, record, sandbox, participants } = migrating;
    const { synchronizers } = participants.get('source')!;
    const input = {
      source: refs.source,
      expectedLedgerEnd: record.pinnedOffset!,
    };
    const parked = await snapshotOf(migrating);
    const connect = async () => {
      await synchronizers.setManualConnect('acme', false);
      await synchronizers.reconnect('acme');
    };
    await connect();
    const calls = await callsOf(migrating, () => act.ensureParkedAgain(input));

    for (const { call, kind } of breaksOf(calls)) {
      const { participant, method, skip } = call;
      await connect();
      sandbox.faults[kind](method, { participant, skip });
      // A look that failed is an answer, a change that failed is a failure.
      await act.ensureParkedAgain(input).catch(() => undefined);
      sandbox.faults.clear();
      await act.ensureParkedAgain(input);
      assert.deepEqual(await snapshotOf(migrating), parked, `${kind} ${method}`);
      assert.equal((await act.readParkedSource(input)).aliases.length, parked.source.connections.length);
    }
  });
});

/** Each ping takes its time, and moves the ledger end. */
function told(checked: string[]): string[] {
  return checked.map((what) => what.replace(/\d+ (?=ms)|(?<=offset )\d+/, ''));
}
