import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** An address that leads to a node, and can be made to lead to another one. */
export interface Forwarder {
  address: string;
  /** Cuts what stands; whoever connects from now on reaches this port. */
  leadTo: (port: number) => void;
}

export async function startForwarder(t: TestContext, port: number): Promise<Forwarder> {
  let target = port;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer((inward) => {
    const outward = connect(target, '127.0.0.1');
    keep(inward);
    keep(outward);
    inward.pipe(outward).pipe(inward);
    inward.once('close', () => outward.destroy());
    outward.once('close', () => inward.destroy());
  });
  const cut = () => sockets.forEach((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    cut();
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (other) => {
      target = other;
      cut();
    },
  };
}
