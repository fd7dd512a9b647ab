import { ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

const MIB = 1024 * 1024;

/**
 * Largest message that any call takes, which is that of the connection: a participant pages nothing of these.
 */
export const MAX_ANSWER_BYTES = 64 * MIB;

/** Answers of one object, or of a page of small ones. */
const DEFAULT_BYTES = 8 * MIB;

/**
 * What answers with all it has, one transaction or contract, which may be as large as a node takes them, and
 * chunks.
 */
const LARGE = new Set([
  'ListAllV2',
  'ListAll',
  'ListPartyToParticipant',
  'ListPartyToKeyMapping',
  'ListNamespaceDelegation',
  'ListDecentralizedNamespaceDefinition',
  'ListParties',
  'ListSynchronizerTrustCertificate',
  'GetDar',
  'GetUpdates',
  'GetTransactions',
  'GetActiveContracts',
  'ExportAcs',
]);

/** A page of 10,000 parties or users with their annotations, or all packages of a node. */
const MIDDLE = new Set(['ListKnownParties', 'ListUsers', 'ListPackages', 'ListDars']);

/** Returns the largest message that a call takes, in bytes. */
export function answerLimitOf({ name }: { name: string }): number {
  if (LARGE.has(name)) return MAX_ANSWER_BYTES;
  return MIDDLE.has(name) ? 16 * MIB : DEFAULT_BYTES;
}

/** Below, a message is read without being measured: it cannot become more than some 100 MB. */
const UNMEASURED_BYTES = MIB;
/** Real ones have one field in 10 bytes or more; in memory one field takes some 100 bytes. */
const MAX_FIELDS = 6_000_000;
/** As deep as values of Daml go, and far from what the stack holds. */
const MAX_DEPTH = 400;

/**
 * Returns what is wrong with a message that would take many times its size in memory; nothing is created from
 * it.
 *
 * Two bytes are enough for an empty object, so that an answer of a size that is usual could take all memory
 * there is.
 */
export function oversize(schema: DescMessage, bytes: Uint8Array): string | undefined {
  return measureOf(bytes.length)(schema, bytes);
}

/**
 * The same of an answer of so many bytes that is read in parts: what is wrong with it by the part that is
 * given last.
 */
export function measureOf(
  answerBytes: number,
): (schema: DescMessage, part: Uint8Array) => string | undefined {
  if (answerBytes <= UNMEASURED_BYTES) return () => undefined;
  const budget = { fields: MAX_FIELDS };
  return (schema, part) => {
    measure(schema, new BinaryReader(part), part.length, budget, 0);
    if (budget.fields >= 0) return undefined;
    return `${answerBytes} bytes of more than ${MAX_FIELDS} fields, which would not fit into memory`;
  };
}

/**
 * Takes the fields of one message, at all depths, from the budget; ends where it is used up or the bytes are
 * no message.
 */
function measure(
  schema: DescMessage | undefined,
  reader: BinaryReader,
  end: number,
  budget: { fields: number },
  depth: number,
): void {
  while (reader.pos < end && budget.fields >= 0) {
    budget.fields -= 1;
    const [number, wireType] = reader.tag();
    const field = schema?.fields.find((one) => one.number === number);
    if (wireType !== WireType.LengthDelimited) {
      reader.skip(wireType, number);
      continue;
    }
    const length = reader.uint32();
    const next = Math.min(reader.pos + length, end);
    const inner = field && messageOf(field);
    if (inner && depth < MAX_DEPTH) measure(inner, reader, next, budget, depth + 1);
    else if (field && isPacked(field)) budget.fields -= length;
    reader.pos = next;
  }
}

/** An entry of a map is no message of the field's own type, and those of Canton hold nothing but texts. */
function messageOf(field: DescField): DescMessage | undefined {
  return field.fieldKind === 'map' ? undefined : field.message;
}

/** Numbers that follow each other in one field, each of which may take as little as a byte. */
function isPacked(field: DescField): boolean {
  if (field.fieldKind !== 'list') return false;
  if (field.listKind === 'enum') return true;
  return (
    field.listKind === 'scalar' &&
    field.scalar !== ScalarType.STRING &&
    field.scalar !== ScalarType.BYTES
  );
}
