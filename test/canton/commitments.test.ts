import assert from 'node:assert/strict';
import { test } from 'node:test';

import { create, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';

import {
  LookupReceivedAcsCommitmentsResponseSchema,
  ParticipantInspectionService,
  ReceivedCommitmentState as State,
} from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/participant_inspection_service_pb.js';
import { TopologyManagerReadService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v30/topology_manager_read_service_pb.js';
import { arrive, ping, startOneSynchronizer, until } from '../support/one-synchronizer.js';
import { answerOf, connect, files, requestOf } from './replay.js';

const { method: inspection } = ParticipantInspectionService;
/** Of the recording. */
const A = 'syncA::1220f1b0eea3b60facfa1ee57537160c8f2be8467781f7b5aea61d3b56194416580c';
const OTHER = 'pother::12204d61d8107e6f185d49fe73a3636b1a5b51778392967e5a85095bc24bfea6856b';

test('commitments: both hosts agree on the periods after the target has arrived', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const { source, target, store, sandbox } = nodes;
  await arrive(nodes);
  const fromExclusive = new Date().toISOString();

  for (const [node, other] of [
    [target, sandbox.participants.source.uid],
    [source, sandbox.participants.target.uid],
  ] as const) {
    const periods = await until(async () => {
      await ping(nodes, target);
      const toInclusive = new Date().toISOString();
      const listed = await node.commitments.listReceived({ ...store, fromExclusive, toInclusive });
      const whole = listed.filter((one) => one.fromExclusive >= fromExclusive);
      return whole.length > 1 && whole;
    });
    assert.deepEqual([...new Set(periods.map((one) => one.counterParticipantUid))], [other]);
    assert.deepEqual([...new Set(periods.map((one) => one.state))], ['match']);
    const ends = periods.map((one) => one.toInclusive);
    assert.deepEqual(ends, [...ends].sort());
  }
});

test('commitments: periods come by their end, oldest first, in plain words and without the unknown', async (t) => {
  const method = inspection.lookupReceivedAcsCommitments;
  const period = (minute: number, state: State, uid = 'PAR::p::1220') => ({
    interval: {
      startTickExclusive: timestampFromMs((minute - 1) * 60_000),
      endTickInclusive: timestampFromMs(minute * 60_000),
    },
    originCounterParticipantUid: uid,
    state,
  });
  const answer = create(LookupReceivedAcsCommitmentsResponseSchema, {
    received: [
      {
        synchronizerId: 'a::1220',
        received: [
          period(3, State.OUTSTANDING),
          period(2, State.MISMATCH),
          period(1, State.MATCH),
          period(3, State.BUFFERED, 'PAR::o::1220'),
          period(4, State.UNSPECIFIED),
        ],
      },
      { synchronizerId: 'b::1220', received: [period(1, State.MISMATCH)] },
    ],
  });
  const { participant, sent } = await connect(t, [
    [method, toBinary(LookupReceivedAcsCommitmentsResponseSchema, answer)],
  ]);
  const range = {
    synchronizerId: 'a::1220',
    fromExclusive: '1970-01-01T00:00:00.000001Z',
    toInclusive: '1970-01-01T00:05:00Z',
  };

  const listed = await participant.commitments.listReceived(range);

  assert.deepEqual(
    listed.map(({ counterParticipantUid, toInclusive, state }) => [
      counterParticipantUid,
      toInclusive.slice(14, 26),
      state,
    ]),
    [
      ['p::1220', '01:00.000000', 'match'],
      ['p::1220', '02:00.000000', 'mismatch'],
      ['o::1220', '03:00.000000', 'buffered'],
      ['p::1220', '03:00.000000', 'outstanding'],
    ],
  );
  assert.deepEqual(sent, [
    {
      time_ranges: [
        {
          synchronizer_id: 'a::1220',
          interval: {
            from_exclusive: '1970-01-01T00:00:00.000001Z',
            to_inclusive: '1970-01-01T00:05:00Z',
          },
        },
      ],
    },
  ]);
});

// Recorded: a counter-participant that is up, and the same one after it was away for 120 s.
test('commitments: how far a participant is behind is read as recorded, and asked for by its member id', async (t) => {
  const request = { synchronizerId: A, counterParticipants: [OTHER] };
  const lagsOf = async (order: number) => {
    const method = inspection.getIntervalsBehindForCounterParticipants;
    const { participant, sent } = await connect(t, [[method, answerOf('commitments', order)]]);
    const lags = await participant.commitments.listLags(request);
    // Who is named is answered for, whatever the threshold.
    assert.deepEqual([{ ...(sent[0] as object), threshold: '0' }], [requestOf('commitments', order)]);
    return lags;
  };

  assert.deepEqual(await lagsOf(5), [
    {
      counterParticipantUid: OTHER,
      sentUntil: '2026-11-28T20:20:00.000000Z',
      intervalsBehind: '0',
      matchedUntil: '2026-11-28T20:20:00.000000Z',
    },
  ]);
  assert.deepEqual(await lagsOf(10), [
    {
      counterParticipantUid: OTHER,
      sentUntil: '2026-11-28T20:22:00.000000Z',
      intervalsBehind: '6',
      matchedUntil: '2026-11-28T20:20:00.000000Z',
    },
  ]);
});

// Recorded: `behind_since` has 9223372036854775807 seconds for them, which no duration may have.
test('commitments: a participant that never matched has no time of it', async (t) => {
  const method = inspection.getIntervalsBehindForCounterParticipants;
  const { participant } = await connect(t, [[method, answerOf('commitments', 28)]]);

  const lags = await participant.commitments.listLags({ synchronizerId: A, counterParticipants: [] });

  assert.deepEqual(
    lags.map(({ counterParticipantUid, matchedUntil, intervalsBehind }) => [
      counterParticipantUid.slice(0, 12),
      matchedUntil,
      intervalsBehind,
    ]),
    [
      ['pother::1220', '2026-11-28T20:20:00.000000Z', '9'],
      ['pnew::122093', undefined, '9223372036854775807'],
      ['pnew::122036', undefined, '9223372036854775807'],
    ],
  );
});

test('commitments: what was sent and what came are told apart from what is missing, as recorded', async (t) => {
  const { participant } = await connect(t, [
    [inspection.lookupSentAcsCommitments, answerOf('commitments', 8)],
    [inspection.lookupReceivedAcsCommitments, answerOf('commitments', 9)],
  ]);
  const range = {
    synchronizerId: A,
    fromExclusive: '2026-11-28T20:19:07Z',
    toInclusive: '2026-11-28T20:22:08Z',
  };

  for (const periods of [
    await participant.commitments.listSent(range),
    await participant.commitments.listReceived(range),
  ]) {
    assert.deepEqual([...new Set(periods.map((one) => one.counterParticipantUid))], [OTHER]);
    for (const { toInclusive, state } of periods) {
      const isHere = toInclusive <= '2026-11-28T20:20:00.000000Z';
      assert.equal(state, isHere ? 'match' : 'outstanding', toInclusive);
    }
    assert.equal(periods.at(-1)?.toInclusive, '2026-11-28T20:22:00.000000Z');
  }
});

test('commitments: the interval is read from the parameters of the synchronizer', async (t) => {
  const { method } = TopologyManagerReadService;
  const { participant } = await connect(t, [
    [method.listSynchronizerParametersState, answerOf('topology', 48)],
  ]);

  assert.equal(await participant.commitments.readIntervalMs(files.topology.B), 60_000);
});
