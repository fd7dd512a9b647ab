import { createServer } from 'node:net';

/** Returns TCP ports of the loopback interface that nothing listens on; distinct within one call. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  return Promise.all(
    servers.map(
      ({ server, port }) => new Promise<number>((resolve) => server.close(() => resolve(port))),
    ),
  );
}

function listen(): Promise<{ server: ReturnType<typeof createServer>; port: number }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('no TCP port'));
      resolve({ server, port: address.port });
    });
  });
}
