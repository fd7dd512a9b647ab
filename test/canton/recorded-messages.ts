import assert from 'node:assert/strict';

import {
  equals,
  fromBinary,
  fromJson,
  toBinary,
  toJson,
  type DescMessage,
  type DescMethod,
  type DescService,
  type JsonObject,
  type JsonValue,
} from '@bufbuild/protobuf';

import { messagesOf, type Recording } from './recordings.js';

/** A recorded message with its schema; `at` says where it stands. */
interface RecordedMessage {
  bytes: Buffer;
  json: JsonValue;
  schema: DescMessage;
  at: string;
  method: string;
}

/** Last parts of the paths of the recorded calls that none of `services` declares. */
export function undeclaredCalls(services: DescService[], calls: Recording[]): string[] {
  const unknown = calls.filter((call) => !methodOf(services, call));
  return [...new Set(unknown.map(({ rpc }) => rpc.split('.').at(-1) ?? ''))].sort();
}

/** Every recorded message of `services`. */
export function recordedMessages(services: DescService[], calls: Recording[]): RecordedMessage[] {
  return calls.flatMap((call) => {
    const method = methodOf(services, call);
    if (!method) return [];
    const at = `${call.file} ${call.order} ${method.name}`;
    const sides: [DescMessage, ReturnType<typeof messagesOf>][] = [
      [method.input, messagesOf(call.request, call.request_json)],
      [method.output, messagesOf(call.response, call.response_json)],
    ];
    return sides.flatMap(([schema, side]) =>
      side.map((each) => ({ ...each, schema, at, method: method.name })),
    );
  });
}

/** The recorded fields that our messages leave out, by call and path; a value that is read otherwise fails. */
export function undeclaredFields(messages: RecordedMessage[]): string[] {
  const missing = new Set<string>();
  for (const { bytes, json, schema, at, method } of messages.filter(isPrintable)) {
    const ours = toJson(schema, fromBinary(schema, bytes), { useProtoFieldName: true });
    try {
      for (const path of missingPaths(json, ours, '')) missing.add(`${method} ${path}`);
    } catch (error) {
      throw new Error(`${at}: ${String(error)}`, { cause: error });
    }
  }
  return [...missing].sort();
}

/** The JSON of every message encodes to the same meaning. */
export function assertSameMeaning(messages: RecordedMessage[]): void {
  for (const { bytes, json, schema, at } of messages.filter(isPrintable)) {
    const written = toBinary(schema, fromJson(schema, json, { ignoreUnknownFields: true }));

    assert.ok(equals(schema, withoutUnknown(schema, written), withoutUnknown(schema, bytes)), at);
  }
}

/** A message keeps the fields it does not declare when it is written again. */
export function assertKept(messages: RecordedMessage[]): void {
  for (const { bytes, schema, at } of messages) {
    const again = toBinary(schema, fromBinary(schema, bytes));

    assert.equal(again.length, bytes.length, at);
  }
}

function methodOf(services: DescService[], { rpc }: Recording): DescMethod | undefined {
  const [service = '', name] = rpc.split('/');
  return services
    .find(({ typeName }) => typeName === service)
    ?.methods.find((method) => method.name === name);
}

/** Paths that stand only in the recording; anything else that differs fails. */
function missingPaths(
  recorded: JsonValue | undefined,
  ours: JsonValue | undefined,
  path: string,
): string[] {
  if (ours === undefined) return [path];
  if (Array.isArray(recorded) && Array.isArray(ours)) {
    assert.equal(ours.length, recorded.length, path);
    return recorded.flatMap((value, index) => missingPaths(value, ours[index], path));
  }
  if (isObject(recorded) && isObject(ours)) {
    const extra = Object.keys(ours).filter((key) => !(key in recorded));
    assert.deepEqual(extra, [], `${path} was read where nothing was recorded`);
    const below = (key: string) => (path ? `${path}.${key}` : key);
    return Object.entries(recorded).flatMap(([key, value]) =>
      missingPaths(value, ours[key], below(key)),
    );
  }
  assert.deepEqual(ours, recorded, path);
  return [];
}

/** A duration of more seconds than one may have cannot be written as JSON. */
function isPrintable({ json }: { json: JsonValue }): boolean {
  return !(isObject(json) && '_unprintable' in json);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutUnknown<T extends DescMessage>(schema: T, bytes: Uint8Array) {
  return fromBinary(schema, bytes, { readUnknownFields: false });
}
