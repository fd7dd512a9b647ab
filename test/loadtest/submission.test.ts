import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  status,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type UntypedHandleCall,
} from '@grpc/grpc-js';

import {
  CommandService,
  SubmitAndWaitForTransactionRequestSchema,
  SubmitAndWaitForTransactionResponseSchema,
} from '../../canton/gen/com/daml/ledger/api/v2/command_service_pb.js';
import {
  GetLedgerEndResponseSchema,
  StateService,
} from '../../canton/gen/com/daml/ledger/api/v2/state_service_pb.js';
import {
  GetUpdatesResponseSchema,
  UpdateService,
} from '../../canton/gen/com/daml/ledger/api/v2/update_service_pb.js';
import { SynchronizerConnectivityService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service_pb.js';
import { reasonOf } from '../../canton/command-answers.js';
import { Figures } from '../../loadtest/figures.js';
import { connect } from '../../loadtest/participants.js';
import { Serving } from '../../loadtest/serving.js';
import { Attempts } from '../../loadtest/submission.js';
import { startServer } from '../canton/server.js';

/** How a node answers one submission: an error, or it commits. */
type Reply = keyof typeof ERRORS | 'committed';

const ERRORS = {
  lost: { code: status.UNAVAILABLE, details: 'connection dropped' },
  notHosted: {
    code: status.NOT_FOUND,
    details: 'NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT(11,0): cannot submit',
  },
  onboarding: { code: status.FAILED_PRECONDITION, details: 'PARTY_CURRENTLY_ONBOARDING(9,0): wait' },
  absent: { code: status.NOT_FOUND, details: 'CONTRACT_NOT_FOUND(11,0): no contract' },
  refused: { code: status.ABORTED, details: 'PARTICIPANT_BACKPRESSURE(2,0): overloaded' },
  archived: {
    code: status.FAILED_PRECONDITION,
    details:
      'UNKNOWN_CONTRACT_SYNCHRONIZERS(9,0): The following contracts have been archived: List(00ab) on synchronizer A::1220',
  },
  unlocated: {
    code: status.FAILED_PRECONDITION,
    details:
      'UNKNOWN_CONTRACT_SYNCHRONIZERS(9,0): The synchronizers for the contracts (00ab) are currently unknown due to ongoing contract reassignments or disconnected synchronizers.',
  },
};
const COMMAND_ID = 'one';

/** A node that answers submissions as told, one after another; `hasCommitted`: its updates have the command. */
async function startNode(
  t: TestContext,
  name: string,
  { replies, hasCommitted = false }: { replies: Reply[]; hasCommitted?: boolean },
) {
  const received: string[] = [];
  const transaction = { commandId: COMMAND_ID, offset: 7n };
  const end = toBinary(GetLedgerEndResponseSchema, create(GetLedgerEndResponseSchema, { offset: 9n }));
  const submitting: handleUnaryCall<Buffer, Buffer> = ({ request }, callback) => {
    const { commands } = fromBinary(SubmitAndWaitForTransactionRequestSchema, request);
    received.push(commands?.commandId ?? '');
    const reply = replies.shift() ?? 'committed';
    if (reply !== 'committed') return callback(ERRORS[reply]);
    const answer = create(SubmitAndWaitForTransactionResponseSchema, { transaction });
    callback(null, Buffer.from(toBinary(SubmitAndWaitForTransactionResponseSchema, answer)));
  };
  const updates: handleServerStreamingCall<Buffer, Buffer> = (call) => {
    const update = { case: 'transaction' as const, value: transaction };
    const answer = create(GetUpdatesResponseSchema, { update });
    if (hasCommitted) call.write(Buffer.from(toBinary(GetUpdatesResponseSchema, answer)));
    call.end();
  };
  // The ledger end is 0 before the command, 9 after it.
  let reads = 0;
  const ledgerEnd: handleUnaryCall<Buffer, Buffer> = (_call, callback) => {
    reads += 1;
    callback(null, reads === 1 ? Buffer.alloc(0) : Buffer.from(end));
  };
  const nothing: handleUnaryCall<Buffer, Buffer> = (_call, callback) => callback(null, Buffer.alloc(0));
  const { address } = await startServer(t, [
    {
      method: CommandService.method.submitAndWaitForTransaction,
      handle: submitting as UntypedHandleCall,
    },
    { method: StateService.method.getLedgerEnd, handle: ledgerEnd as UntypedHandleCall },
    { method: UpdateService.method.getUpdates, handle: updates as UntypedHandleCall },
    {
      method: SynchronizerConnectivityService.method.listRegisteredSynchronizers,
      handle: nothing as UntypedHandleCall,
    },
  ]);
  const participant = connect({ name, admin: { address }, ledger: { address } });
  t.after(() => participant.close());
  return { node: participant.nodeFor(['alice']), received };
}

type Nodes = { source: Parameters<typeof startNode>[2]; target?: Parameters<typeof startNode>[2] };

/** Runs one command, from the source or from the target. */
async function submitted(t: TestContext, nodes: Nodes, from: 'source' | 'target' = 'source') {
  const source = await startNode(t, 'source', nodes.source);
  const target = await startNode(t, 'target', nodes.target ?? { replies: [] });
  const serving = new Serving(source.node, target.node);
  const figures = new Figures();
  const around = { serving, figures, patience: new AbortController().signal };
  const command = { kind: 'settle' as const, contractId: '00ab' };
  const submission = { commandId: COMMAND_ID, actAs: 'alice', readAs: ['alice'], command };
  const node = from === 'source' ? source.node : target.node;
  const outcome = await new Attempts(submission, node, around).run();
  return { outcome, serving, figures, source: source.received, target: target.received };
}

// The repeat that corrupts: the target would do it a second time.
test('submission: what the source committed without an answer never goes to the target', async (t) => {
  const source = { replies: ['lost', 'notHosted'] as Reply[], hasCommitted: true };

  const { outcome, target, figures } = await submitted(t, { source });

  assert.ok('committed' in outcome);
  assert.deepEqual(target, []);
  assert.equal(figures.resolved, 1);
});

test('submission: what the source is known not to have done goes to the target', async (t) => {
  const { outcome, source, target, figures, serving } = await submitted(t, {
    source: { replies: ['lost', 'notHosted'] },
  });

  assert.ok('committed' in outcome);
  assert.deepEqual([source, target], [[COMMAND_ID, COMMAND_ID], [COMMAND_ID]]);
  assert.equal(figures.resolved, 1);
  assert.equal(serving.current.name, 'target');
});

test('submission: every attempt has the same command id, on the same node', async (t) => {
  const { source, target } = await submitted(t, {
    source: { replies: ['lost', 'lost', 'lost', 'committed'] },
  });

  assert.deepEqual(source, Array(4).fill(COMMAND_ID));
  assert.deepEqual(target, []);
});

test('submission: a contract that an attempt without an answer used is no loss', async (t) => {
  const source = { replies: ['lost', 'absent'] as Reply[], hasCommitted: true };

  const { outcome } = await submitted(t, { source });

  assert.ok('committed' in outcome);
});

// Each of these was counted as a failure, and the contract it had used as missing.
for (const first of ['lost', 'refused'] as const) {
  for (const second of ['archived', 'absent'] as const) {
    test(`submission: '${second}' in a repeat, after '${first}', is looked up before it is a loss`, async (t) => {
      const source = { replies: [first, second] as Reply[], hasCommitted: true };

      const { outcome } = await submitted(t, { source });

      assert.ok('committed' in outcome);
    });
  }
}

test('submission: a contract of which the node cannot tell where it is was not used, and is tried again', async (t) => {
  const { outcome, source } = await submitted(t, {
    source: { replies: ['unlocated', 'unlocated', 'committed'] },
  });

  assert.ok('committed' in outcome);
  assert.deepEqual(source, Array(3).fill(COMMAND_ID));
});

test('submission: a contract that somebody else has ended is a loss once the node shows it', async (t) => {
  const { outcome, source } = await submitted(t, {
    source: { replies: ['archived', 'archived', 'absent'] },
  });

  assert.ok('error' in outcome);
  assert.equal(reasonOf(outcome.error), 'NOT_FOUND CONTRACT_NOT_FOUND');
  assert.equal(outcome.isOpen, false);
  assert.equal(source.length, 3);
});

test('submission: a contract that is not there, with nothing to explain it, is a loss at once', async (t) => {
  const { outcome, source } = await submitted(t, { source: { replies: ['absent'] } });

  assert.ok('error' in outcome);
  assert.equal(reasonOf(outcome.error), 'NOT_FOUND CONTRACT_NOT_FOUND');
  assert.equal(outcome.isOpen, false);
  assert.equal(source.length, 1);
});

test('submission: while the target still takes nothing, the source is used', async (t) => {
  const nodes = { source: { replies: [] }, target: { replies: ['onboarding'] as Reply[] } };

  const { outcome, source, serving } = await submitted(t, nodes, 'target');

  assert.ok('committed' in outcome);
  assert.deepEqual(source, [COMMAND_ID]);
  assert.equal(serving.current.name, 'source');
});
