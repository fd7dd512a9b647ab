import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ParticipantRepairService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/participant_repair_service_pb.js';
import { goldenBytes, recording } from './recordings.js';
import {
  happy,
  oldNamespace,
  alice,
  connect,
  EMPTY,
  answersOf,
  requestOf,
  collect,
  failure,
} from './replay.js';

async function* pieces(...sizes: number[]) {
  for (const [index, size] of sizes.entries()) yield Buffer.alloc(size, index + 1);
}

test('repair: an export asks as recorded, and gives the recorded bytes', async (t) => {
  const { exportAcs } = ParticipantRepairService.method;
  const { participant, sent } = await connect(t, [[exportAcs, answersOf('happy', 41)]]);
  const parties = ['Alice', 'Bob', 'Carol'].map((name) => `${name}::${oldNamespace}`);
  const chunks = await collect(
    participant.repair.exportAcs({ parties, synchronizerId: happy.A, offset: '44', renameTo: happy.B }),
  );

  assert.ok(Buffer.concat(chunks).equals(goldenBytes('exports/happy.gz')));
  assert.deepEqual(sent, [requestOf('happy', 41)]);
});

// For Canton, no party means every party, and no synchronizer means a poisoned snapshot.
test('repair: an export of every party or of every synchronizer is refused', async (t) => {
  const { participant, sent } = await connect(t, [[ParticipantRepairService.method.exportAcs, []]]);
  const everyone = participant.repair.exportAcs({ parties: [], synchronizerId: happy.A, offset: '1' });
  const everywhere = participant.repair.exportAcs({ parties: [alice], synchronizerId: '', offset: '1' });

  assert.equal((await failure(collect(everyone))).kind, 'refused');
  assert.equal((await failure(collect(everywhere))).kind, 'refused');
  assert.deepEqual(sent, []);
});

test('repair: an import sends messages of 1 MiB at most, none later than its bytes are there, each with the metadata, and reports what was sent', async (t) => {
  const { participant, sent } = await connect(t, [[ParticipantRepairService.method.importAcs, EMPTY]]);
  const MIB = 1024 * 1024;
  const reports: number[] = [];
  await participant.repair.importAcs({
    chunks: pieces(10, 2 * MIB, 0, 100, MIB - 110),
    synchronizerId: happy.B,
    workflowIdPrefix: 'migrate-1',
    mode: 'validation',
    onSent: (bytes) => reports.push(bytes),
  });
  const messages = sent.map((json) => json as { acs_snapshot: string });
  const snapshots = messages.map(({ acs_snapshot: text }) => Buffer.from(text, 'base64'));

  assert.deepEqual(
    snapshots.map(({ length }) => length),
    [10, MIB, MIB, 100, MIB - 110],
  );
  assert.ok(
    Buffer.concat(snapshots).equals(
      Buffer.concat(await collect(pieces(10, 2 * MIB, 0, 100, MIB - 110))),
    ),
  );
  assert.deepEqual(reports, [10, MIB + 10, 2 * MIB + 10, 2 * MIB + 110, 3 * MIB]);
  for (const message of messages) {
    assert.deepEqual(message, {
      acs_snapshot: message.acs_snapshot,
      workflow_id_prefix: 'migrate-1',
      contract_import_mode: 'CONTRACT_IMPORT_MODE_VALIDATION',
      synchronizer_id: happy.B,
    });
  }
});

// Canton answers OK to an import without a message, and checks nothing.
test('repair: an empty snapshot is refused', async (t) => {
  const { participant } = await connect(t, [[ParticipantRepairService.method.importAcs, EMPTY]]);
  const error = await failure(
    participant.repair.importAcs({
      chunks: pieces(),
      synchronizerId: happy.B,
      workflowIdPrefix: 'x',
      mode: 'accept',
    }),
  );

  assert.equal(error.kind, 'refused');
  assert.match(error.message, /an empty snapshot/);
});

test('repair: a purge ignores what is purged already', async (t) => {
  const { participant, sent } = await connect(t, [
    [ParticipantRepairService.method.purgeContracts, EMPTY],
  ]);

  const { contract_ids: ids } = recording('repair', 2).request_json as { contract_ids: string[] };
  await participant.repair.purgeContracts('B', ids);

  assert.deepEqual(sent, [requestOf('repair', 2)]);
});
