import { setImmediate } from 'node:timers/promises';

import { fromBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

import { refused, type CallContext } from './errors.js';
import { answerLimitOf, measureOf, oversize } from './limits.js';
import { shortened } from './peer-text.js';

/** Items after which other work gets its turn: a heartbeat must go out every second. */
const ITEMS_AT_ONCE = 1_000;

/** Which list of an answer is read item by item. */
export interface ItemField {
  /** The numbers of the fields that lead to it: of messages that are there once, and its own. */
  path: readonly number[];
  /** Of one item. */
  schema: DescMessage;
}

/** Decodes an answer. Fails as refused if it is too large, or no message of its type. */
export function decode<O extends DescMessage>(
  method: { name: string; output: O },
  bytes: Uint8Array,
  context: CallContext,
): MessageShape<O> {
  const { output } = method;
  assertSize(method, bytes, context);
  const tooMuch = readable(output, context, () => oversize(output, bytes));
  if (tooMuch !== undefined) throw tooLarge(`an answer of ${tooMuch}`, context);
  return readable(output, context, () => fromBinary(output, bytes));
}

/** Reads an answer by hand. Fails as {@link decode} does. */
export function readBy<Answer>(
  method: { name: string; output: DescMessage },
  bytes: Uint8Array,
  { read, context }: { read: (bytes: Uint8Array) => Answer; context: CallContext },
): Answer {
  assertSize(method, bytes, context);
  return readable(method.output, context, () => read(bytes));
}

/**
 * Decodes the items of one list of an answer, one at a time, so that never all of them are there as messages.
 * Whatever else the answer has is passed over. Fails as {@link decode} does.
 */
export async function* itemsOf<Item extends DescMessage>(
  method: { name: string; output: DescMessage },
  bytes: Uint8Array,
  { path, schema }: ItemField & { schema: Item },
  context: CallContext,
): AsyncGenerator<MessageShape<Item>, void, undefined> {
  assertSize(method, bytes, context);
  const { output } = method;
  const tooMuch = measureOf(bytes.length);
  const [number = 0, ...outer] = [...path].reverse();
  const list = readable(output, context, () =>
    outer.reduceRight((inner, one) => nextPart(new BinaryReader(inner), one) ?? new Uint8Array(), bytes),
  );
  const reader = new BinaryReader(list);
  for (let count = 1; ; count++) {
    const part = readable(output, context, () => nextPart(reader, number));
    if (!part) return;
    const problem = readable(output, context, () => tooMuch(schema, part));
    if (problem !== undefined) throw tooLarge(`an answer of ${problem}`, context);
    yield readable(output, context, () => fromBinary(schema, part));
    if (count % ITEMS_AT_ONCE === 0) await setImmediate();
  }
}

/** The next message of a list; nothing at the end. */
function nextPart(reader: BinaryReader, wanted: number): Uint8Array | undefined {
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (number === wanted && wireType === WireType.LengthDelimited) return reader.bytes();
    reader.skip(wireType, number);
  }
  return undefined;
}

function assertSize(method: { name: string }, { length }: Uint8Array, context: CallContext): void {
  const limitBytes = answerLimitOf(method);
  if (length > limitBytes)
    throw tooLarge(`an answer of ${length} bytes, the limit is ${limitBytes}`, context);
}

function readable<T>(output: DescMessage, context: CallContext, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw refused(context, `cannot be read as ${output.typeName}: ${shortened(String(error))}`);
  }
}

function tooLarge(cause: string, context: CallContext): Error {
  return refused(context, cause, { code: 'RESOURCE_EXHAUSTED' });
}
