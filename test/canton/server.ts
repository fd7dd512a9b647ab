import type { TestContext } from 'node:test';

import { create, toBinary, type DescMethod } from '@bufbuild/protobuf';
import {
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedHandleCall,
} from '@grpc/grpc-js';

import { PartyManagementService } from '../../canton/gen/com/daml/ledger/api/v2/admin/party_management_service_pb.js';
import { IdentityInitializationService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v30/initialization_service_pb.js';

const asIs = (bytes: Buffer): Buffer => bytes;

/** Handlers get and give serialised messages. */
export interface Route {
  method: DescMethod;
  handle: UntypedHandleCall;
}

const { getId } = IdentityInitializationService.method;
const { getParticipantId } = PartyManagementService.method;
const UID = 'somebody::1220';

/** What a client asks both APIs before its first call. */
const IDENTITY: Route[] = [
  identify(
    getId,
    toBinary(getId.output, create(getId.output, { initialized: true, uniqueIdentifier: UID })),
  ),
  identify(
    getParticipantId,
    toBinary(getParticipantId.output, create(getParticipantId.output, { participantId: UID })),
  ),
];

function identify(method: DescMethod, answer: Uint8Array): Route {
  const handle: UntypedHandleCall = (_: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) =>
    reply(null, Buffer.from(answer));
  return { method, handle };
}

/** Serves the routes on a free port of the loopback until the test ends, and says who it is unless they do. */
export async function startServer(
  t: TestContext,
  routes: Route[],
  credentials = ServerCredentials.createInsecure(),
): Promise<{ address: string; port: number; server: Server }> {
  const server = new Server({
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  });
  const isRouted = ({ method }: Route) => routes.some((route) => route.method === method);
  for (const { method, handle } of [...routes, ...IDENTITY.filter((route) => !isRouted(route))])
    server.addService(definitionOf(method), { [method.name]: handle });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  t.after(() => server.forceShutdown());
  return { address: `127.0.0.1:${port}`, port, server };
}

function definitionOf({ parent, name, methodKind }: DescMethod) {
  return {
    [name]: {
      path: `/${parent.typeName}/${name}`,
      requestStream: methodKind === 'client_streaming',
      responseStream: methodKind === 'server_streaming',
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    },
  };
}

/** Resolves when `isTrue` holds; fails after five seconds. */
export async function until(isTrue: () => boolean): Promise<void> {
  const giveUp = Date.now() + 5_000;
  while (!isTrue()) {
    if (Date.now() > giveUp) throw new Error('the condition did not come true within 5 s');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
