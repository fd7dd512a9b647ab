import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import test from 'node:test';
import { setImmediate } from 'node:timers/promises';

import type { ClientReadableStream } from '@grpc/grpc-js';

import type { CallContext } from '../../canton/errors.js';
import { readStream } from '../../canton/streams.js';

const CONTEXT: CallContext = {
  participant: 'source',
  api: 'Admin API',
  address: 'localhost:1',
  method: 'ParticipantRepairService/ExportAcs',
  traceId: '',
  credential: 'no token',
};
const LIMITS = { messageMs: 60_000, answerMs: 60_000 };

// An export has chunks of 2 MiB, and grpc-js would keep 16 of them.
test('streams: of what nobody has taken yet, no more is kept than asked for', async () => {
  assert.equal(await askedFor(1), 2);
  assert.ok((await askedFor(undefined)) > 10);
});

/** How many messages of an endless stream are asked for until one has been taken, and nobody takes another. */
async function askedFor(readAhead: number | undefined): Promise<number> {
  let asked = 0;
  const read = function (this: Readable) {
    asked += 1;
    process.nextTick(() => this.push(Buffer.from('message')));
  };
  const call = Object.assign(new Readable({ objectMode: true, read }), { cancel: () => undefined });
  const messages = readStream(call as unknown as ClientReadableStream<Buffer>, {
    ...{ context: CONTEXT, limits: LIMITS, signal: undefined, readAhead },
  });
  await messages.next();
  for (let turn = 0; turn < 50; turn += 1) await setImmediate();
  await messages.return();
  return asked;
}
