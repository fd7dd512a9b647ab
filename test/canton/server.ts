import type { TestContext } from 'node:test';

import type { DescMethod } from '@bufbuild/protobuf';
import { Server, ServerCredentials, type UntypedHandleCall } from '@grpc/grpc-js';

const asIs = (bytes: Buffer): Buffer => bytes;

/** Handlers get and give serialised messages. */
export interface Route {
  method: DescMethod;
  handle: UntypedHandleCall;
}

/** Serves the routes on a free port of the loopback until the test ends. */
export async function startServer(
  t: TestContext,
  routes: Route[],
  credentials = ServerCredentials.createInsecure(),
): Promise<{ address: string; port: number; server: Server }> {
  const server = new Server({
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  });
  for (const { method, handle } of routes)
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
