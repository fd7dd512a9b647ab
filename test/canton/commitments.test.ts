import assert from 'node:assert/strict';
import { test } from 'node:test';

import { create, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';

import {
  LookupReceivedAcsCommitmentsResponseSchema,
  ParticipantInspectionService,
  ReceivedCommitmentState as State,
} from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/participant_inspection_service_pb.js';
import { arrive, startOneSynchronizer, until } from '../support/one-synchronizer.js';
import { connect } from './replay.js';

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
  const method = ParticipantInspectionService.method.lookupReceivedAcsCommitments;
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
