import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';

import {
  ListRegisteredSynchronizersResponse_Status as Status,
  ListRegisteredSynchronizersResponseSchema,
  SynchronizerConnectivityService,
} from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service_pb.js';
import type { SequencerConnectionSchema } from '../../canton/gen/com/digitalasset/canton/admin/sequencer/v30/sequencer_connection_pb.js';
import {
  EncryptionKeySpec,
  SigningKeySpec,
} from '../../canton/gen/com/digitalasset/canton/crypto/v30/crypto_pb.js';
import {
  SequencerConnect_GetSynchronizerParametersResponseSchema as ParametersSchema,
  SequencerConnectService,
} from '../../canton/gen/com/digitalasset/canton/sequencer/api/v30/sequencer_connect_service_pb.js';
import type { AllowedKeysScenario } from '../../sandbox/scenario.js';
import { makeAuthority } from '../support/certificates.js';
import { SMALL, startStack } from '../support/stack.js';
import { connect, failure } from './replay.js';
import { startServer } from './server.js';

const { listRegisteredSynchronizers } = SynchronizerConnectivityService.method;
const { getSynchronizerParameters } = SequencerConnectService.method;
const ALLOWED: AllowedKeysScenario = { signing: ['EC_P256', 'EC_P384'], encryption: ['RSA_2048'] };
/** Nobody listens there. */
const CLOSED = '127.0.0.1:1';

/** A participant whose synchronizer `B` has these sequencers. */
async function configured(
  t: TestContext,
  ...sequencers: MessageInitShape<typeof SequencerConnectionSchema>[]
) {
  const config = {
    synchronizerAlias: 'B',
    sequencerConnections: { sequencerConnections: sequencers },
  };
  const answer = create(ListRegisteredSynchronizersResponseSchema, {
    results: [{ config, status: Status.ACTIVE }],
  });
  const bytes = toBinary(ListRegisteredSynchronizersResponseSchema, answer);
  return (await connect(t, [[listRegisteredSynchronizers, bytes]])).participant.synchronizers;
}

function at(...connections: string[]): MessageInitShape<typeof SequencerConnectionSchema> {
  return { type: { case: 'grpc', value: { connections } } };
}

/** A sequencer that allows {@link ALLOWED}, or the answer given. */
async function startSequencer(
  t: TestContext,
  credentials = ServerCredentials.createInsecure(),
  answer: MessageInitShape<typeof ParametersSchema> = {
    parameters: {
      case: 'parametersV1',
      value: {
        requiredSigningSpecs: { keys: [SigningKeySpec.EC_P256, SigningKeySpec.EC_P384] },
        requiredEncryptionSpecs: { keys: [EncryptionKeySpec.RSA_2048] },
      },
    },
  },
): Promise<{ address: string; port: number }> {
  const bytes = toBinary(ParametersSchema, create(ParametersSchema, answer));
  const handle = (_: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) =>
    reply(null, Buffer.from(bytes));
  return startServer(t, [{ method: getSynchronizerParameters, handle }], credentials);
}

test('sequencers: the keys that a synchronizer allows are read while the participant is disconnected', async (t) => {
  const { participants } = await startStack(t, {
    ...SMALL,
    synchronizers: { target: { allowedKeys: ALLOWED } },
  });
  const { synchronizers } = participants.get('target')!;
  await synchronizers.disconnect('da');

  assert.deepEqual(await synchronizers.findAllowedKeys('da'), ALLOWED);
});

test('sequencers: the one that does not answer is passed over for the next', async (t) => {
  const { address } = await startSequencer(t);
  const synchronizers = await configured(t, at(`http://${CLOSED}`), at(`http://${address}`));
  const ofOne = await configured(t, at(`http://${CLOSED}`, `http://${address}`));

  assert.deepEqual(await synchronizers.findAllowedKeys('B'), ALLOWED);
  assert.deepEqual(await ofOne.findAllowedKeys('B'), ALLOWED);
});

test('sequencers: TLS is spoken where it is configured, with the certificates that are trusted there', async (t) => {
  const authority = await makeAuthority('the CA of the sequencers');
  const { key, cert } = await authority.issue(['localhost']);
  const identity = [{ private_key: key, cert_chain: cert }];
  const { port } = await startSequencer(t, ServerCredentials.createSsl(null, identity));
  const connections = [`https://localhost:${port}`];
  const secured = (customTrustCertificates: Buffer) => ({
    type: {
      case: 'grpc' as const,
      value: { connections, transportSecurity: true, customTrustCertificates },
    },
  });
  const other = await makeAuthority('another CA');

  const trusting = await configured(t, secured(authority.cert));
  assert.deepEqual(await trusting.findAllowedKeys('B'), ALLOWED);
  const distrusting = await configured(t, secured(other.cert));
  assert.deepEqual(await distrusting.findAllowedKeys('B'), {
    unanswered: [`localhost:${port} (CertificateNotTrusted)`],
  });
});

test('sequencers: if none answers, each is named with the reason, in the same words every time', async (t) => {
  const { address: mute } = await startServer(t, []);
  const { address: empty } = await startSequencer(t, ServerCredentials.createInsecure(), {});
  const synchronizers = await configured(t, at(`http://${CLOSED}`, `http://${mute}`, `http://${empty}`));

  const first = await synchronizers.findAllowedKeys('B');

  assert.deepEqual(first, {
    unanswered: [
      `${CLOSED} (UNAVAILABLE)`,
      `${mute} (UNIMPLEMENTED)`,
      `${empty} (an answer without key specs)`,
    ],
  });
  assert.deepEqual(await synchronizers.findAllowedKeys('B'), first);
});

test('sequencers: one that takes connections and says nothing is given up after seconds', async (t) => {
  const handle = () => undefined;
  const { address } = await startServer(t, [{ method: getSynchronizerParameters, handle }]);
  const synchronizers = await configured(t, at(`http://${address}`));

  assert.deepEqual(await synchronizers.findAllowedKeys('B'), {
    unanswered: [`${address} (DEADLINE_EXCEEDED)`],
  });
});

test('sequencers: an alias that is not registered is refused', async (t) => {
  const synchronizers = await configured(t);

  const error = await failure(synchronizers.findAllowedKeys('nope'));

  assert.equal(error.errorId, 'SYNC_SERVICE_UNKNOWN_SYNCHRONIZER');
  assert.deepEqual(await synchronizers.findAllowedKeys('B'), { unanswered: [] });
});
