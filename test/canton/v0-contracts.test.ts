import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import type { JsonValue } from '@bufbuild/protobuf';

import { TransactionService } from '../../canton/gen/com/daml/ledger/api/v1/transaction_service_pb.js';
import { InspectionService } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/inspection_service_pb.js';
import { ParticipantRepairService } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/participant_repair_service_pb.js';
import { decimalOffset, ledgerOffset } from '../../canton/v0/ids.js';
import { collect, failure } from './replay.js';
import { recordings210 } from './recordings.js';
import {
  A,
  answering,
  B,
  connect210,
  PARTIES,
  recorded,
  recording210,
  requestOf210,
} from './replay-210.js';

const repair = ParticipantRepairService.method;

/** Every offset of the Ledger API that was recorded. */
function offsets(): string[] {
  const found = recordings210().flatMap(({ request_json: request, response_json: response }) => [
    ...JSON.stringify([request, response]).matchAll(
      /"(?:offset|absolute|completion_offset|active_at_offset)":"([0-9a-f]+)"/g,
    ),
  ]);
  return [...new Set(found.map(([, offset]) => offset!))].sort();
}

test('v0 contracts: every recorded offset is a number, in the same order, and back', () => {
  const all = offsets();
  const numbers = all.map(decimalOffset);

  assert.ok(all.length > 20);
  assert.deepEqual(numbers.map(ledgerOffset), all);
  assert.deepEqual(
    [...numbers].sort((one, other) => Number(BigInt(one) - BigInt(other))),
    numbers,
  );
  assert.deepEqual([decimalOffset(''), ledgerOffset('0')], ['0', '']);
  const largest = (2n ** 63n - 1n).toString();
  assert.equal(decimalOffset(ledgerOffset(largest)), largest);
});

test('v0 contracts: an export asks for one domain, and gives the recorded bytes', async (t) => {
  const { participant, sent } = await connect210(t, [recorded('happy', 43), recorded('happy', 45)]);
  const offset = await participant.ledger.readLedgerEnd();

  const chunks = await collect(
    participant.repair.exportAcs({
      parties: PARTIES,
      synchronizerId: A,
      offset,
      renameTo: B,
      protocolVersion: 7,
    }),
  );

  const exported = readFileSync(new URL('../golden210/exports/happy.gz', import.meta.url));
  assert.ok(Buffer.concat(chunks).equals(exported));
  const request = requestOf210('happy', 45) as Record<string, JsonValue>;
  assert.deepEqual(sent.find(({ method }) => method === 'ExportAcs')?.request, {
    ...request,
    filter_domain_id: A,
  });
});

test('v0 contracts: an export is refused unless the ledger ends where it is to be, before it and after it', async (t) => {
  const end = (absolute: string) =>
    answering(TransactionService.method.getLedgerEnd, {
      offset: { value: { case: 'absolute', value: absolute } },
    });
  const request = { parties: PARTIES, synchronizerId: A, offset: '15' };
  const late = await connect210(t, [end('000000000000000010'), recorded('happy', 45)]);
  const moved = await connect210(t, [
    end('00000000000000000f'),
    end('000000000000000010'),
    recorded('happy', 45),
  ]);

  const before = await failure(collect(late.participant.repair.exportAcs(request)));
  const after = await failure(collect(moved.participant.repair.exportAcs(request)));

  for (const error of [before, after]) {
    assert.equal(error.kind, 'refused');
    assert.match(error.message, /its ledger end is 16, expected 15/);
  }
  assert.ok(!late.sent.some(({ method }) => method === 'ExportAcs'));
  assert.ok(moved.sent.some(({ method }) => method === 'ExportAcs'));
});

test('v0 contracts: an export that would be another one than is asked for is a bug', async (t) => {
  const { participant, sent } = await connect210(t, [recorded('happy', 43), recorded('happy', 45)]);
  const request = { parties: PARTIES, synchronizerId: A, offset: '15' };
  const exported = (more: object) => collect(participant.repair.exportAcs({ ...request, ...more }));

  await assert.rejects(exported({ renameTo: B }), /protocol version/);
  await assert.rejects(exported({ excludedStakeholders: ['a::b'] }), /whoever else/);
  assert.equal((await failure(exported({ parties: [] }))).kind, 'refused');
  assert.equal((await failure(exported({ synchronizerId: '' }))).kind, 'refused');
  assert.deepEqual(sent, []);
});

async function* pieces(...sizes: number[]) {
  for (const [index, size] of sizes.entries()) yield Buffer.alloc(size, index + 1);
}

test('v0 contracts: every message of an import has the same header, and 2 MiB at most', async (t) => {
  const MIB = 1024 * 1024;
  const { participant, sent } = await connect210(t, [recorded('happy', 47)]);
  const reports: number[] = [];

  await participant.repair.importAcs({
    chunks: pieces(5 * MIB, 100),
    synchronizerId: B,
    workflowIdPrefix: 'import-happy',
    onboardedParties: PARTIES,
    mode: 'validation',
    onSent: (bytes) => reports.push(bytes),
  });

  const messages = sent[0]!.request as Record<string, JsonValue>[];
  const sizes = messages.map((its) => Buffer.from(its['acs_snapshot'] as string, 'base64').length);
  assert.deepEqual(sizes, [2 * MIB, 2 * MIB, MIB, 100]);
  const [theirs] = requestOf210('happy', 47) as Record<string, JsonValue>[];
  for (const { workflow_id_prefix: prefix, onboarded_parties: parties } of messages)
    assert.deepEqual([prefix, parties], [theirs!['workflow_id_prefix'], theirs!['onboarded_parties']]);
  assert.equal(reports.at(-1), 5 * MIB + 100);
});

// The first loses the node, the second jams it until a restart.
test('v0 contracts: an import without its parties, or with a prefix that a node chokes on, is not sent', async (t) => {
  const { participant, sent } = await connect210(t, [recorded('happy', 47)]);
  const imported = (more: object) =>
    participant.repair.importAcs({
      chunks: pieces(1),
      synchronizerId: B,
      workflowIdPrefix: 'import-happy',
      mode: 'validation',
      ...more,
    });

  await assert.rejects(imported({}), /keys of their contracts/);
  await assert.rejects(
    imported({ onboardedParties: PARTIES, workflowIdPrefix: 'bad prefix *!' }),
    /letters, digits and hyphens/,
  );
  const empty = await failure(imported({ onboardedParties: PARTIES, chunks: pieces() }));
  assert.equal(empty.kind, 'refused');
  assert.deepEqual(sent, []);
});

test('v0 contracts: a purge names the alias, and none of no contracts is sent', async (t) => {
  const { participant, sent } = await connect210(t, [recorded('reconnect', 27)]);
  const request = requestOf210('reconnect', 27) as { contract_ids: string[] };

  await participant.repair.purgeContracts('B', []);
  await participant.repair.purgeContracts('B', request.contract_ids);
  await participant.repair.purgeContracts('B', request.contract_ids, PARTIES);

  assert.deepEqual(
    sent.map((its) => its.request),
    [request, { ...request, offboarded_parties: PARTIES }],
  );
  assert.equal(sent[0]?.method, repair.purgeContracts.name);
});

test('v0 contracts: contracts are looked up 10,000 at a time, and what is not there is left out', async (t) => {
  const { contract_id: ids } = requestOf210('happy', 49) as { contract_id: string[] };
  const recordedOnes = await connect210(t, [recorded('happy', 49)]);
  const many = await connect210(t, [
    answering(InspectionService.method.lookupContractDomain, { results: { '00': 'B' } }),
  ]);

  const found = await recordedOnes.participant.repair.lookupContracts(ids);
  const few = await many.participant.repair.lookupContracts(Array.from({ length: 20_001 }, () => '00'));

  assert.deepEqual([...found.keys()].sort(), [...ids].sort());
  assert.deepEqual(recordedOnes.sent[0]?.request, requestOf210('happy', 49));
  assert.equal(many.sent.length, 3);
  assert.deepEqual([...few], [['00', 'B']]);
});

test('v0 contracts: the active ones are asked for by party, and have their domain', async (t) => {
  const { participant, sent } = await connect210(t, [
    recorded('happy', 43),
    recorded('happy', 44),
    recorded('topology', 1),
  ]);
  const offset = await participant.ledger.readLedgerEnd();

  const found = (
    await collect(participant.ledger.scanActiveContracts({ parties: PARTIES, offset }))
  ).flat();

  const request = requestOf210('happy', 44) as Record<string, JsonValue>;
  assert.deepEqual(sent.find(({ method }) => method === 'GetActiveContracts')?.request, {
    ...request,
    active_at_offset: '00000000000000000f',
  });
  assert.equal(offset, '15');
  const answers = recording210('happy', 44).response_json as { active_contracts?: unknown[] }[];
  assert.equal(found.length, answers.flatMap((its) => its.active_contracts ?? []).length);
  for (const its of found)
    assert.ok('synchronizerId' in its && its.synchronizerId === A && its.stakeholders.length > 0);
});

// No offset is the end of the ledger to a node, and no parties are an error.
test('v0 contracts: at the beginning of the ledger, and for nobody, nothing is active', async (t) => {
  const { participant, sent } = await connect210(t, [recorded('limits', 45)]);
  const { ledger } = participant;

  assert.deepEqual(await collect(ledger.scanActiveContracts({ parties: [], offset: '15' })), []);
  assert.deepEqual(await collect(ledger.scanActiveContracts({ parties: PARTIES, offset: '0' })), []);
  assert.deepEqual(sent, []);
});

test('v0 contracts: what was archived in a range comes in order, and no range is not asked for', async (t) => {
  const archived = (contractId: string) => ({
    event: { case: 'archived', value: { contractId, witnessParties: [PARTIES[0]!] } },
  });
  const { getTransactions } = TransactionService.method;
  const { participant, sent } = await connect210(t, [
    answering(getTransactions, {
      transactions: [
        { offset: '00000000000000000f', commandId: 'own', events: [archived('00aa')] },
        {
          offset: '000000000000000010',
          events: [archived('00bb'), { event: { case: 'created', value: { contractId: '00cc' } } }],
        },
      ],
    }),
  ]);
  const range = { parties: PARTIES, beginExclusive: '0', endInclusive: '16' };
  const place = { ...range, synchronizerId: A };
  const { ledger } = participant;

  assert.deepEqual(await collect(ledger.scanUsedContracts(place)), ['00aa', '00bb']);
  assert.deepEqual(
    (await collect(ledger.scanTurnover(place))).map(({ offset }) => offset),
    ['15', '16'],
  );
  assert.equal(await ledger.countSubmissions(range), 1);
  assert.deepEqual(sent[0]?.request, {
    begin: { boundary: 'LEDGER_BEGIN' },
    end: { absolute: '000000000000000010' },
    filter: { filters_by_party: Object.fromEntries(PARTIES.map((party) => [party, {}])) },
  });
  const asked = sent.length;
  assert.deepEqual(await collect(ledger.scanUsedContracts({ ...place, beginExclusive: '16' })), []);
  assert.equal(sent.length, asked);
});

test('v0 contracts: local are the parties of a node, its own admin party among them', async (t) => {
  const { participant } = await connect210(t, [recorded('happy', 24)]);

  const parties = await participant.ledger.listLocalParties();

  assert.deepEqual(parties.slice(0, 3), PARTIES);
  assert.equal(parties.length, 4);
});
