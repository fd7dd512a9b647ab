import assert from 'node:assert/strict';
import { test } from 'node:test';

import { create, toBinary } from '@bufbuild/protobuf';
import { status } from '@grpc/grpc-js';

import {
  GetAccountResponseSchema,
  TrafficService,
} from '../../canton/gen/com/digitalasset/canton/tea/v1/traffic_service_pb.js';
import { alice, connect } from './replay.js';

const { getAccount } = TrafficService.method;
/** An account that nobody made. */
const NO_BALANCE = toBinary(
  GetAccountResponseSchema,
  create(GetAccountResponseSchema, { accountId: alice }),
);

for (const [what, answer, expected] of [
  ['an account that nobody made', NO_BALANCE, true],
  ['a refusal to show the account', status.PERMISSION_DENIED, true],
  ['a participant without the service', status.UNIMPLEMENTED, false],
] as const) {
  test(`traffic: ${what} says ${expected ? 'that' : 'that no'} accounts are kept`, async (t) => {
    const { participant, sent } = await connect(t, [[getAccount, answer]]);

    assert.equal(await participant.traffic.keepsAccounts(alice), expected);
    assert.deepEqual(sent, [{ account_id: alice }]);
  });
}

test('traffic: a participant that does not answer says nothing of accounts', async (t) => {
  const { participant } = await connect(t, [[getAccount, status.INTERNAL]]);

  await assert.rejects(participant.traffic.keepsAccounts(alice), { code: 'INTERNAL' });
});
