import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

import { Server as GrpcServer, ServerCredentials, type handleUnaryCall } from '@grpc/grpc-js';

/** Something that listens on loopback, and is or is not Temporal. */
export interface Door {
  address: string;
  close: () => void;
}

/** Speaks TLS and leads to a server that does not. */
export function tlsDoor(options: TlsOptions, port: number): Promise<Door> {
  const server = createTlsServer({ ALPNProtocols: ['h2'], ...options }, (inward) => {
    const outward = connect(port, '127.0.0.1');
    inward.on('error', () => outward.destroy());
    outward.on('error', () => inward.destroy());
    inward.pipe(outward).pipe(inward);
  });
  server.on('tlsClientError', () => undefined);
  return listening(server);
}

/** Speaks HTTP/1.1, as the Web UI does. */
export function webDoor(): Promise<Door> {
  return listening(createHttpServer((_, response) => response.end('hello')));
}

/** Takes connections and says nothing. */
export function silentDoor(): Promise<Door> {
  return listening(createServer((socket) => socket.on('error', () => socket.destroy())));
}

/** Speaks gRPC, and answers every first call of a client of Temporal so; without an answer it knows no call. */
export async function grpcDoor(answer?: { code: number; details: string }): Promise<Door> {
  const server = new GrpcServer();
  if (answer) {
    const say: handleUnaryCall<Buffer, Buffer> = (_, reply) => reply(answer);
    const asIs = (bytes: Buffer) => bytes;
    const method = (name: string) => ({
      path: `/temporal.api.workflowservice.v1.WorkflowService/${name}`,
      requestStream: false as const,
      responseStream: false as const,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    });
    const methods = { info: method('GetSystemInfo'), namespace: method('DescribeNamespace') };
    server.addService(methods, { info: say, namespace: say });
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

/** A client that still waits for an answer must not keep the process. */
async function listening(server: Server): Promise<Door> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return { address: `127.0.0.1:${port}`, close };
}
