import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';

import { digestExport } from '../../acs/digest-stream.js';
import { scanExport, type ExportSource } from '../../acs/scan.js';
import { exportOf } from '../../activities/contracts/export-source.js';
import type { ExportInput } from '../../activities/contracts/spooling.js';
import { createActivities } from '../../activities/index.js';
import { connectParticipant } from '../../canton/index.js';
import type { Participants } from '../../activities/nodes/participants.js';
import type { ActivationGroup } from '../../model/live.js';
import { importPrefix } from '../../model/plan-parts.js';
import { seeded } from '../acs/exports.js';
import { create, settle, submit, transfer } from '../sandbox/live-support.js';
import { failing } from '../support/failing.js';
import {
  activate,
  propose,
  startOneSynchronizer,
  until,
  type OneSynchronizer,
} from '../support/one-synchronizer.js';
import { quickly } from '../support/quick-attempts.js';
import { SPOOL_KEY } from '../support/spool-key.js';
import { callsOf } from '../support/stack.js';

const PARTIES = { local: 5, multiHosted: 0, external: 0, decentralized: 0, foreign: 1 };

interface Groups {
  nodes: OneSynchronizer;
  activations: ActivationGroup[];
  input: ExportInput;
  /** Ledger end of the target when it was disconnected. */
  n0: string;
}

/** Clients create, archive and transfer while the parties become active one after the other. */
async function activatedInGroups(t: TestContext, seed: number, count: number): Promise<Groups> {
  const nodes = await startOneSynchronizer(t, {
    parties: PARTIES,
    contracts: { count, sharedWithForeign: 0 },
  });
  const { source, store } = nodes;
  const random = seeded(seed);
  const traffic = trafficOf(nodes, random);
  const [first, second, third, ...others] = nodes.parties as [string, string, string];
  const activations: ActivationGroup[] = [];
  await traffic(20);
  let n0 = '';
  for (const parties of [[first, second], [third], ...others.map((party) => [party])]) {
    const end = await propose(nodes, parties);
    n0 ||= end;
    const { offset, recordTime } = (await activate(nodes, parties))[0]!;
    activations.push({ offset, recordTime, parties });
    await traffic(30);
  }
  const [uidOfSource, uidOfTarget] = [
    await source.health.readUid(),
    await nodes.target.health.readUid(),
  ];
  const input: ExportInput = {
    source: { name: 'source', uid: uidOfSource },
    target: { name: 'target', uid: uidOfTarget },
    planHash: randomBytes(32).toString('hex'),
    synchronizers: { source: store.synchronizerId, target: store.synchronizerId },
    parties: nodes.parties,
    excludedStakeholders: [],
    allowsShared: true,
    offset: activations[0]!.offset,
    activations,
    segmentContracts: 5,
    expectedContracts: count,
  };
  return { nodes, activations, input, n0 };
}

/** Each call runs so many ledger transactions over contracts of any two parties. */
function trafficOf({ sandbox, parties }: OneSynchronizer, random: (below: number) => number) {
  const view = sandbox.participants.source;
  const ious: { id: string; payer: string; owner: string }[] = [];
  const anyone = () => parties[random(parties.length)]!;
  return async (transactions: number) => {
    for (let n = 0; n < transactions; n++) {
      const kind = ious.length < 4 ? 0 : random(4);
      const [iou] = kind < 2 ? [] : ious.splice(random(ious.length), 1);
      if (iou && kind === 3) {
        await submit(view, iou.payer, settle(iou.id));
        continue;
      }
      const [payer, owner] = [iou?.payer ?? anyone(), anyone()];
      if (iou) await submit(view, iou.owner, transfer(iou.id, owner));
      else await submit(view, payer, create(payer, owner));
      // In the order of their creation.
      ious.push({ id: view.contracts().at(-1)!, payer, owner });
    }
  };
}

function participantsOf({ source, target }: OneSynchronizer): Participants {
  const read = ({ name }: { name: string }) => (name === 'source' ? source : target);
  return { read } as unknown as Participants;
}

const signal = new AbortController().signal;

async function recordsOf(source: ExportSource): Promise<{ id: string; frame: Buffer }[]> {
  const records: { id: string; frame: Buffer }[] = [];
  for await (const reader of scanExport(source, {}))
    while (reader.next()) {
      const { bytes, frameStart, end } = reader.frames;
      records.push({
        id: reader.record.contractId,
        frame: Buffer.from(bytes.subarray(frameStart, end)),
      });
    }
  return records;
}

/** What decision 20 did: an export for each group, at its own offset, without the parties of the groups before. */
function groupByGroup({ nodes: { source, store }, activations }: Groups, excluded: string[] = []) {
  return activations.map(({ offset, parties }, at) => ({
    chunks: source.repair.exportAcs({
      ...store,
      parties,
      offset,
      excludedStakeholders: [...excluded, ...activations.slice(0, at).flatMap((group) => group.parties)],
    }),
  }));
}

const sorted = (records: { id: string }[]) => records.map(({ id }) => id).sort();

for (const seed of [1, 2])
  test(`live groups: one export has what an export of each group at its own offset has, and the target is equal and healthy (seed ${seed})`, async (t) => {
    const groups = await activatedInGroups(t, seed, 40);
    const { nodes, input, activations } = groups;
    const { source, target, sandbox } = nodes;
    const exported = (changes: Partial<ExportInput> = {}, parts = 1) =>
      exportOf(participantsOf(nodes), { ...input, ...changes }, 'source', { signal, parts });
    const digest = async (its: ExportSource) =>
      digestExport(its, { parties: nodes.parties, maxContracts: 1_000 });

    const expected = await recordsOf(groupByGroup(groups));
    const records = await recordsOf(await exported());

    assert.deepEqual(sorted(records), sorted(expected));
    assert.deepEqual(await digest(await exported()), await digest(groupByGroup(groups)));
    assert.deepEqual(await recordsOf(await exported()), records, 'repeated, it is the same');
    assert.deepEqual(sorted(await recordsOf(await exported({}, 3))), sorted(expected));
    const [other] = activations.at(-1)!.parties;
    assert.deepEqual(
      sorted(await recordsOf(await exported({ excludedStakeholders: [other!] }))),
      sorted(await recordsOf(groupByGroup(groups, [other!]))),
    );
    // Neither the first nor the last offset would do.
    for (const { offset } of [activations[0]!, activations.at(-1)!]) {
      const whole = { ...nodes.store, parties: nodes.parties, offset };
      const naive = await recordsOf(source.repair.exportAcs(whole));
      assert.notDeepEqual(sorted(naive), sorted(expected));
    }
    const snapshot = gzipSync(Buffer.concat(records.map(({ frame }) => frame)));
    await target.repair.importAcs({
      chunks: (async function* () {
        yield snapshot;
      })(),
      synchronizerId: nodes.store.synchronizerId,
      workflowIdPrefix: 'live',
      mode: 'validation',
    });
    await target.synchronizers.reconnect(nodes.alias);
    const contracts = sandbox.participants.source.contracts().sort();
    await until(async () => sandbox.participants.target.contracts().sort().join() === contracts.join());
    assert.deepEqual(sandbox.participants.target.damage(), []);
  });

test('live groups: of more parties than a request names, everything is read, and what is not theirs left out', async (t) => {
  const groups = await activatedInGroups(t, 3, 30);
  const { nodes, input, activations } = groups;
  const leaving = activations.slice(0, -1);
  const named = { ...input, activations: leaving };
  const madeUp = Array.from({ length: 1_000 }, (_, at) => `made-up-${at}::1220${'ab'.repeat(32)}`);
  const many = { ...named, activations: leaving.with(-1, withParties(leaving.at(-1)!, madeUp)) };
  const read = async (given: ExportInput) =>
    recordsOf(await exportOf(participantsOf(nodes), given, 'source', { signal }));

  const expected = await read(named);
  const calls = await callsOf(nodes, async () => {
    assert.deepEqual(sorted(await read(many)), sorted(expected));
  });

  assert.ok(expected.length < nodes.sandbox.participants.source.contracts().length);
  assert.deepEqual(calls.map(({ method }) => method).sort(), ['ExportAcs', 'GetUpdates', 'GetUpdates']);
});

function withParties(group: ActivationGroup, parties: string[]): ActivationGroup {
  return { ...group, parties: [...group.parties, ...parties] };
}

test('live groups: a copy that breaks off among what was created meanwhile goes on there', async (t) => {
  const groups = await activatedInGroups(t, 4, 490);
  const { nodes, input, n0 } = groups;
  const { sandbox, source } = nodes;
  const folder = mkdtempSync(join(tmpdir(), 'groups-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const expected = await recordsOf(groupByGroup(groups));
  const atFirst = await recordsOf(
    source.repair.exportAcs({ ...nodes.store, parties: nodes.parties, offset: input.offset }),
  );
  const isOld = new Set(sorted(atFirst));
  const old = expected.filter(({ id }) => isOld.has(id)).length;
  assert.ok(old < 500 && expected.length > 500, `${old} of ${expected.length}`);
  const accesses = (['source', 'target'] as const).map((name) => {
    const { admin, ledger } = sandbox.addresses[name];
    return connectParticipant(name, { admin: { address: admin }, ledger: { address: ledger } });
  });
  t.after(() => accesses.forEach((access) => access.close()));
  const participants = new Map(accesses.map((access) => [access.name, access]));
  const made = (spool: string) =>
    quickly(
      createActivities({
        participants,
        spool: { folder: spool, key: SPOOL_KEY },
      }),
    );
  const copy = {
    ...input,
    workflowIdPrefix: importPrefix(input.planHash),
    targetLedgerEnd: n0,
    window: { beginExclusive: n0 },
  };
  sandbox.faults.failBefore('ImportAcs', { code: 'UNAVAILABLE', participant: 'target', skip: 1 });

  await assert.rejects(
    made(join(folder, 'one')).copyActiveContracts(copy),
    failing('Unavailable', 'transient', 'ImportAcs'),
  );
  // On a worker that has nothing of the export.
  const { exported, checkpoint } = await made(join(folder, 'other')).copyActiveContracts(copy);

  assert.equal(exported.total.contractCount, expected.length);
  assert.equal(checkpoint.contractCount, expected.length);
  assert.deepEqual(sandbox.participants.target.contracts().sort(), sorted(expected));
  const compared = await made(join(folder, 'third')).compareActiveContracts(copy);
  assert.deepEqual([compared.isEqual, compared.contractCount], [true, expected.length]);
});
