import { MigrationClient } from '../../client/index.js';

const client = await MigrationClient.connect();
const id = await client.start({
  source: 'source',
  target: 'target',
  sourceSynchronizer: 'acme',
  targetSynchronizer: 'da',
});
for await (const { status } of client.watch(id))
  process.stdout.write(`${status?.summary}; next: ${status?.next}\n`);
