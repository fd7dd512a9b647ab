import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import type { Gate } from '../../model/phase.js';
import type { MigrationRequest } from '../../model/request.js';
import type { MigrationStatus } from '../../model/steering.js';
import type { FaultTarget } from '../../sandbox/faults.js';
import type { ScenarioChange } from '../../sandbox/index.js';
import { isEveryBoundary, RARER } from '../support/boundaries.js';
import { changeContract, CONTRACT_CHANGES } from '../support/ledger-changes.js';
import { LIVE_REQUEST, REQUEST, SMALL } from '../support/stack.js';
import { strikeBefore, type Strike } from '../support/striking.js';
import { startMigrationStack, type MigrationStack } from '../support/temporal.js';
import { importModes, PROMPT_LIVE } from '../support/route-steps.js';

type Change = (typeof CONTRACT_CHANGES)[number];

/** As little as possible of everything, with one contract that can be changed. */
const LITTLE: ScenarioChange = {
  ...SMALL,
  parties: { local: 2, multiHosted: 0, external: 0, decentralized: 0 },
  contracts: { count: 6 },
  localState: { users: 0, identityProviders: 0, annotatedParties: 0 },
};

const LITTLE_LIVE: ScenarioChange = {
  ...PROMPT_LIVE,
  parties: LITTLE.parties!,
  contracts: { count: 6, sharedWithForeign: 0 },
  localState: LITTLE.localState!,
};

/** A migration whose target somebody changes, one contract at a time. */
interface Struck {
  stack: MigrationStack;
  id: string;
  /** Whether the target is on another synchronizer. */
  isElsewhere: boolean;
  /** Another number for each kind of change. */
  turn: number;
  /** Changes a contract of the target; returns what puts it back. */
  change: () => () => void;
}

async function startStruck(
  t: TestContext,
  change: Change,
  start: { scenario: ScenarioChange; request: MigrationRequest; gates: Gate[] },
): Promise<Struck> {
  const stack = await startMigrationStack(t, { scenario: start.scenario });
  const { source, target } = stack.sandbox.participants;
  const id = await stack.client.start(start.request);
  for (const gate of start.gates) await stack.approve(id, gate);
  const namespace = source.uid.split('::')[1]!;
  const [{ party } = { party: '' }] = source
    .parties('acme')
    .filter((its) => its.party !== source.uid && its.party.endsWith(namespace));
  const turn = CONTRACT_CHANGES.indexOf(change);
  const isElsewhere = start.request.route !== 'live';
  return { stack, id, isElsewhere, turn, change: () => changeContract(target, change, party) };
}

/** The status at the next stop, after which nothing is done until somebody decides, or at the end. */
async function stopAfter(
  { stack, id }: Struck,
  goOn: () => Promise<unknown>,
  isDone = ({ watch }: MigrationStatus) => watch !== undefined,
): Promise<MigrationStatus> {
  await goOn();
  return stack.until(id, (status) => status.state === 'stopped' || isDone(status));
}

/** Whether both nodes have the same contracts of the parties that moved. */
function areEqual({ stack: { sandbox } }: Struck): boolean {
  const { source, target } = sandbox.participants;
  return JSON.stringify(source.contracts().sort()) === JSON.stringify(target.contracts().sort());
}

/** What must hold wherever a target that differs stops the migration. */
function assertHeld({ stack }: Struck, status: MigrationStatus, before: string): void {
  assert.equal(status.state, 'stopped', before);
  assert.equal(status.lastFailure?.type, 'NotVerified', `${before}: ${status.lastFailure?.message}`);
  assert.equal(status.isPastPointOfNoReturn, false, before);
  assert.notEqual(status.verification?.state, 'verified', before);
  assert.deepEqual(stack.sandbox.participants.target.connected(), [], before);
}

/** What looks at the contracts of the target, or changes them. */
const ON_CONTRACTS = /^(GetLedgerEnd|GetUpdates|ExportAcs|ImportAcs|PurgeContracts)$/;

/**
 * Picks the call that is struck before: the first from the given one on that is the turn of this kind of change. Before
 * what looks at the contracts every kind takes its turn, before a third of the other calls one of them; with
 * `npm run boundaries` all do.
 */
function isTurn({ turn }: Struck, { participant, method }: FaultTarget, at: number): boolean {
  const isOnContracts = participant === 'target' && ON_CONTRACTS.test(method);
  return isEveryBoundary || isOnContracts || at % (3 * CONTRACT_CHANGES.length) === turn;
}

/** Which calls are struck before; each function is asked of every call, in order. */
interface Strikes {
  /** The call of the first pass that strikes begin with. */
  isFirst?: (call: FaultTarget) => boolean;
  /** The call that is as late as makes no difference. */
  isEnd: (call: FaultTarget) => boolean;
  /** What the migration has come to once it is connected, if not to its end. */
  isDone?: (status: MigrationStatus) => boolean;
  /** The call after a repair that another strike comes before. */
  isBetween: () => (call: FaultTarget) => boolean;
}

/**
 * Changes the target before one call after the other, until one comes that `isEnd` picks; the last before it looks at the
 * target. Each time the migration has to stop. A plain resume stops again, a repair of one change is stopped by another, and
 * only a target that is put back as it was goes on. A comparison may need more calls than the one after it: they are told
 * apart by their names, and the first of a name from the second.
 */
async function strikeEverywhere(
  struck: Struck,
  first: () => Promise<unknown>,
  { isFirst = () => true, isEnd, isDone, isBetween }: Strikes,
): Promise<string[]> {
  const { stack, id, change } = struck;
  const by = { by: 'test' };
  const resume = () => stack.client.resume(id, by);
  const struckBefore: string[] = [];
  const seen = new Set<string>();
  for (let goOn = first; ; goOn = resume) {
    const calls: string[] = [];
    let hasBegun = struckBefore.length > 0;
    let hasEnded = false;
    const back: (() => void)[] = [];
    const isDue = (call: FaultTarget) => {
      hasBegun ||= isFirst(call);
      hasEnded ||= isEnd(call);
      if (!hasBegun || hasEnded) return false;
      const name = `${call.participant} ${call.method}`;
      calls.push(name);
      const key = `${name} ${calls.filter((its) => its === name).length}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return isTurn(struck, call, seen.size - 1);
    };
    const strike = strikeBefore(stack.sandbox, isDue, () => back.push(change()));
    const status = await stopAfter(struck, goOn, isDone);
    strike.end();
    if (strike.before === undefined) {
      assert.equal(status.verification?.state, 'verified');
      assert.ok(areEqual(struck), 'nothing was changed, and the nodes differ');
      assert.equal(calls.at(-1), 'target GetLedgerEnd', 'the last look comes right before the connect');
      return struckBefore;
    }
    struckBefore.push(strike.before);
    assertHeld(struck, status, strike.before);
    // A stop by itself holds; what follows it takes turns, and each kind of change begins with another turn.
    const isResumed = (struckBefore.length + struck.turn) % 2 === 0;
    if (isResumed) {
      assertHeld(struck, await stopAfter(struck, resume), `resumed after ${strike.before}`);
    } else if (struck.isElsewhere && status.verification!.totals.extra > 0) {
      // On another synchronizer what only the target has may be active there, and is never purged.
      const refused = await stopAfter(struck, () => stack.client.repair(id, by));
      assert.equal(refused.lastFailure?.type, 'ContractsCreatedOnTarget', strike.before);
    } else if (status.verification!.totals.different > 0) {
      await assert.rejects(stack.client.repair(id, by), /different content/);
    } else {
      // Repaired, and changed again before the connect.
      const again = strikeBefore(stack.sandbox, isBetween(), () => back.push(change()));
      const repaired = await stopAfter(struck, () => stack.client.repair(id, by));
      again.end();
      assert.ok(again.before, `the repair after ${strike.before} did not get to the connect`);
      assertHeld(struck, repaired, `repaired after ${strike.before}`);
      back.shift();
    }
    for (const putBack of back) putBack();
  }
}

suite('equality over another synchronizer', { concurrency: 3, ...RARER }, () => {
  for (const change of CONTRACT_CHANGES) {
    test(
      `cut-over: a contract that is ${change} before any call from the approval to the connect lets nothing pass`,
      change === 'removed' ? {} : RARER,
      async (t) => {
        const gates: Gate[] = ['root-key', 'interrupt-service'];
        const struck = await startStruck(t, change, { scenario: LITTLE, request: REQUEST, gates });
        await struck.stack.until(struck.id, (status) => status.gate?.name === 'cut-over');
        assert.deepEqual(importModes(struck.stack), ['ACCEPT'], 'what nothing validated is compared');

        const before = await strikeEverywhere(
          struck,
          () => struck.stack.approve(struck.id, 'cut-over'),
          {
            isEnd: ({ participant, method }) =>
              participant === 'target' && method === 'ReconnectSynchronizer',
            // The connect looks at the source first, as the parking does.
            isBetween: () => {
              let looks = 0;
              return ({ participant, method }) =>
                participant === 'source' && method === 'GetLedgerEnd' && ++looks === 2;
            },
          },
        );

        assert.ok(before.includes('target GetUpdates') && before.includes('target ImportAcs'));
      },
    );
  }
});

/**
 * Where both nodes have computed commitments to a period in which they differed, that holds the migration for good, and what is
 * left of the test goes on with another stack.
 */
const MOST_STACKS = 8;

/** How far the strikes at the gate `switch` are. */
interface Progress {
  /** The first call that none came before yet. */
  next: number;
  /** The calls that one came before, in order. */
  before: string[];
  isOver: boolean;
}

async function startAtSwitch(t: TestContext, change: Change): Promise<Struck> {
  const gates: Gate[] = ['root-key', 'target-backup'];
  const struck = await startStruck(t, change, { scenario: LITTLE_LIVE, request: LIVE_REQUEST, gates });
  await struck.stack.until(struck.id, ({ gate }) => gate?.name === 'switch');
  return struck;
}

/** Changes the target while the gate is open, and then before one call after the other; the source has to stay each time. */
async function strikeAtSwitch(struck: Struck, begun: Progress): Promise<Progress> {
  const { stack, id } = struck;
  const resume = () => stack.client.resume(id, { by: 'test' });
  const before = [...begun.before];
  let { next } = begun;
  // Once one came before the last look, another stack only has to go on to the end.
  let putBack = begun.next === Infinity ? () => undefined : struck.change();
  let strike: Strike | undefined;
  for (let goOn = () => stack.approve(id, 'switch'); ; goOn = resume) {
    const status = await stopAfter(struck, goOn);
    strike?.end();
    if (status.state !== 'stopped') break;
    if (strike?.before !== undefined) before.push(strike.before);
    assert.equal(status.isPastPointOfNoReturn, false);
    if (status.lastFailure?.type === 'CommitmentMismatch') return { next, before, isOver: false };
    assert.equal(status.lastFailure?.type, 'NodesDiffer', status.lastFailure?.message);
    assert.ok(!strike || strike.before, 'the nodes differ, and nothing was changed');
    if ((before.length + struck.turn) % 2 === 1) {
      const again = await stopAfter(struck, resume);
      if (again.lastFailure?.type === 'CommitmentMismatch') return { next, before, isOver: false };
      assert.equal(again.lastFailure?.type, 'NodesDiffer');
    }
    putBack();
    let at = 0;
    let isLooked = false;
    strike = strikeBefore(
      stack.sandbox,
      (call) => {
        if (isLooked) return false;
        // What both hold is read as of this look.
        isLooked = call.participant === 'target' && call.method === 'GetLedgerEnd';
        // How many calls come before it differs from time to time: it is struck before once, and last.
        const isDone = isLooked ? next === Infinity : at++ < next || !isTurn(struck, call, at - 1);
        if (isDone) return false;
        next = isLooked ? Infinity : at;
        return true;
      },
      () => (putBack = struck.change()),
    );
  }
  assert.ok(areEqual(struck));
  return { next, before, isOver: true };
}

/** Before the connect and before the removal the same comparison is made: CI strikes before the removal. */

suite('equality on the live route', { concurrency: 3, ...RARER }, () => {
  for (const change of CONTRACT_CHANGES) {
    test(
      `verify: on the live route a contract that is ${change} before any call from the comparison to the connect lets nothing pass`,
      RARER,
      async (t) => {
        const start = { scenario: LITTLE_LIVE, request: LIVE_REQUEST, gates: ['root-key' as const] };
        const struck = await startStruck(t, change, start);
        const isTarget = (name: string) => (call: FaultTarget) =>
          call.participant === 'target' && call.method === name;
        await struck.stack.until(struck.id, (status) => status.gate?.name === 'target-backup');

        const before = await strikeEverywhere(
          struck,
          () => struck.stack.approve(struck.id, 'target-backup'),
          {
            isFirst: isTarget('ExportAcs'),
            isEnd: isTarget('ReconnectSynchronizer'),
            isDone: ({ gate }) => gate?.name === 'switch',
            // The comparison after the repair: nothing of it counts for what comes later.
            isBetween: () => {
              let isRepaired = false;
              return (call) => {
                isRepaired ||= isTarget('ImportAcs')(call) || isTarget('PurgeContracts')(call);
                return isRepaired && isTarget('GetUpdates')(call);
              };
            },
          },
        );

        assert.ok(before.includes('target ExportAcs') && before.includes('target GetUpdates'));
      },
    );
  }

  for (const change of CONTRACT_CHANGES) {
    test(
      `cut-over: on the live route a contract that is ${change} while the gate is open, or until the last look, keeps the source`,
      change === 'removed' ? {} : RARER,
      async (t) => {
        let begun: Progress = { next: 0, before: [], isOver: false };
        for (let stacks = 0; !begun.isOver; stacks++) {
          assert.ok(stacks < MOST_STACKS, `not over after ${begun.before.join(', ')}`);
          begun = await strikeAtSwitch(await startAtSwitch(t, change), begun);
        }

        assert.equal(begun.before.at(-1), 'target GetLedgerEnd');
      },
    );
  }
});
