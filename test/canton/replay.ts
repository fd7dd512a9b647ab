import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

import { fromBinary, toJson, type DescMethod, type JsonValue } from '@bufbuild/protobuf';
import type {
  sendUnaryData,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  UntypedHandleCall,
} from '@grpc/grpc-js';

import type { Participant } from '../../model/participant-access.js';
import { CantonError } from '../../canton/errors.js';
import { connectOperator } from '../support/operator.js';
import { goldenBytes, messagesOf, recording } from './recordings.js';
import { startServer } from './server.js';

interface Ids {
  files: Record<'happy' | 'happy-kms' | 'topology', { old: string; new: string; A: string; B: string }>;
}

/** Who is who in the recordings. */
export const { files } = JSON.parse(goldenBytes('ids.json').toString()) as Ids;
export const happy = files.happy;
export const oldNamespace = happy.old.slice('pold::'.length);
export const alice = `Alice::${oldNamespace}`;
export const B = { synchronizerId: happy.B };

/** The answer of a method: a message, the messages of a stream, or a status code without details. */
type Answer = Uint8Array | Uint8Array[] | number;
type Reply = sendUnaryData<Buffer>;

/** An answer without a field. */
export const EMPTY = Buffer.alloc(0);

/** Connects to a participant that answers as given; `sent` is what it was asked, as JSON with proto field names. */
export async function connect(t: TestContext, answers: [DescMethod, Answer][]) {
  const sent: JsonValue[] = [];
  const routes = answers.map(([method, answer]) => ({
    method,
    handle: handlerOf(method, answer, sent),
  }));
  const { address } = await startServer(t, routes);
  // The interface is the contract: this line fails to compile when a client no longer fits it.
  const participant: Participant & { close: () => void } = connectOperator('target', {
    admin: { address },
    ledger: { address },
  });
  t.after(() => participant.close());
  return { participant, sent };
}

function handlerOf(method: DescMethod, answer: Answer, sent: JsonValue[]): UntypedHandleCall {
  const keep = (bytes: Buffer) => {
    sent.push(toJson(method.input, fromBinary(method.input, bytes), { useProtoFieldName: true }));
  };
  const finish = (reply: Reply) => {
    if (typeof answer === 'number') reply({ code: answer, details: 'Method not found' });
    else reply(null, Buffer.from(answer as Uint8Array));
  };
  switch (method.methodKind) {
    case 'server_streaming':
      return (call: ServerWritableStream<Buffer, Buffer>) => {
        keep(call.request);
        for (const message of answer as Uint8Array[]) call.write(Buffer.from(message));
        call.end();
      };
    case 'client_streaming':
      return (call: ServerReadableStream<Buffer, Buffer>, reply: Reply) => {
        call.on('data', keep);
        call.on('end', () => finish(reply));
      };
    default:
      return (call: ServerUnaryCall<Buffer, Buffer>, reply: Reply) => {
        keep(call.request);
        finish(reply);
      };
  }
}

/** The recorded answer of a call. */
export function answerOf(file: string, order: number): Buffer {
  return answersOf(file, order)[0] ?? EMPTY;
}

/** The recorded answers of a streaming call. */
export function answersOf(file: string, order: number): Buffer[] {
  const { response, response_json: json } = recording(file, order);
  return messagesOf(response, json).map(({ bytes }) => bytes);
}

/** The recorded request as we send it: without the console's wait and force flags, stores by their logical id. */
export function requestOf(file: string, order: number): JsonValue {
  const request = { ...(recording(file, order).request_json as Record<string, JsonValue>) };
  delete request['wait_to_become_effective'];
  delete request['force_changes'];
  const text = JSON.stringify(request).replace(/"physical_id":"(\w+::\w+)::34-0"/g, '"id":"$1"');
  return JSON.parse(text) as JsonValue;
}

/** Every item of a stream. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** The `CantonError` a call fails with. */
export async function failure(promise: Promise<unknown>): Promise<CantonError> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  assert.ok(error instanceof CantonError, String(error));
  return error;
}
