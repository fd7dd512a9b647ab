import { createHash, randomBytes } from 'node:crypto';
import protobuf from 'protobufjs';
import { DamagedBytes, decode, reading, readText } from '../wire.js';

const { Reader, Writer } = protobuf;

/** A template with the package its contracts were created with. */
export interface Template {
  readonly packageId: string;
  readonly moduleName: string;
  readonly entityName: string;
  readonly packageName: string;
}

/** What a `created_event_blob` holds: everything another participant needs to take the contract over. */
export interface Contract {
  /** Lower-case hex, 138 characters. */
  readonly contractId: string;
  readonly template: Template;
  /** A serialized `com.daml.ledger.api.v2.Record`, without labels. */
  readonly argumentBytes: Uint8Array;
  /** Sorted, without duplicates. */
  readonly signatories: readonly string[];
  /** Sorted; never a signatory. */
  readonly observers: readonly string[];
  readonly maintainers: readonly string[];
  /** UTC, microseconds since 1970; exact in a number until the year 2255. */
  readonly createdAtMicros: number;
  /** 32 bytes that enter the contract id, so that equal contents give different ids. */
  readonly salt: Uint8Array;
}

/** The part of a contract id that says how it is authenticated, followed by a 32-byte suffix. */
const SUFFIX_MARK = Buffer.from('ca121220', 'hex');
const BLOB_VERSION = '2.1';

/** Creates a contract: mints its id from a discriminator and the hash of its contents. */
export function createContract(
  contents: Omit<Contract, 'contractId' | 'salt'>,
  discriminator: Uint8Array = random32(),
): Contract {
  const salt = random32();
  const contractId = mintContractId(discriminator, { ...contents, salt });
  return { ...contents, salt, contractId };
}

/** Returns the first part of a contract id, hex: what it is called before it is on the ledger. */
export function withoutSuffix(contractId: string): string {
  return contractId.slice(0, 66);
}

let pool = Buffer.alloc(0);

/** Returns 32 random bytes; taken from many at once, which a seed of many contracts is quicker with. */
function random32(): Buffer {
  if (pool.length === 0) pool = randomBytes(32 * 1024);
  const bytes = pool.subarray(0, 32);
  pool = pool.subarray(32);
  return bytes;
}

/** Whether the contract id is the one these contents give: false for a blob changed after its creation. */
export function isAuthentic(contract: Contract): boolean {
  const id = Buffer.from(contract.contractId, 'hex');
  return id.length === 69 && mintContractId(id.subarray(1, 33), contract) === contract.contractId;
}

function mintContractId(discriminator: Uint8Array, contents: Omit<Contract, 'contractId'>): string {
  const hash = createHash('sha256').update(discriminator).update(authenticated(contents)).digest();
  return Buffer.concat([Buffer.of(0), discriminator, SUFFIX_MARK, hash]).toString('hex');
}

function authenticated(contents: Omit<Contract, 'contractId'>): Uint8Array {
  const writer = Writer.create();
  writeTemplate(writer, 1, contents.template);
  writer.uint32(18).string(contents.template.packageName).uint32(26).bytes(contents.argumentBytes);
  for (const party of contents.signatories) writer.uint32(34).string(party);
  for (const party of contents.observers) writer.uint32(42).string(party);
  for (const party of contents.maintainers) writer.uint32(50).string(party);
  return writer.uint32(57).fixed64(contents.createdAtMicros).uint32(66).bytes(contents.salt).finish();
}

/** Serializes an identifier as field `field` of the message under construction. */
export function writeTemplate(writer: protobuf.Writer, field: number, template: Template): void {
  writer.uint32((field << 3) | 2).fork();
  writer.uint32(10).string(template.packageId);
  writer.uint32(18).string(template.moduleName).uint32(26).string(template.entityName).ldelim();
}

/**
 * Serializes a contract as a versioned blob, in the shape of a real one but with our own authentication.
 *
 * Layout: `{1: "2.1", 2: {1 contract id, 2 package name, 3 template, 4 arguments, 5 signatories, 6 other
 * stakeholders, 7 creation time, 8 salt, 9 maintainers}}`.
 */
export function encodeBlob(contract: Contract): Uint8Array {
  const writer = Writer.create().uint32(10).string(BLOB_VERSION).uint32(18).fork();
  writer.uint32(10).bytes(Buffer.from(contract.contractId, 'hex'));
  writer.uint32(18).string(contract.template.packageName);
  writeTemplate(writer, 3, contract.template);
  writer.uint32(34).bytes(contract.argumentBytes);
  for (const party of contract.signatories) writer.uint32(42).string(party);
  for (const party of contract.observers) writer.uint32(50).string(party);
  writer.uint32(57).fixed64(contract.createdAtMicros).uint32(66).bytes(contract.salt);
  for (const party of contract.maintainers) writer.uint32(74).string(party);
  return writer.ldelim().finish();
}

/** Parses a blob; throws `DamagedBytes` on bytes that are none. */
export function decodeBlob(blob: Uint8Array): Contract {
  return reading(() => decodeVersioned(blob));
}

function decodeVersioned(blob: Uint8Array): Contract {
  const outer = Reader.create(blob);
  let version = '';
  let inner: Uint8Array | undefined;
  while (outer.pos < outer.len) {
    const tag = outer.uint32();
    if (tag === 10) version = readText(outer.bytes());
    else if (tag === 18) inner = outer.bytes();
    else outer.skipType(tag & 7);
  }
  if (version !== BLOB_VERSION) throw new DamagedBytes(`Unsupported transaction version '${version}'`);
  if (!inner) throw new DamagedBytes('payload is missing');
  return decodeInstance(inner);
}

function decodeInstance(bytes: Uint8Array): Contract {
  const reader = Reader.create(bytes);
  let contractId = '';
  let packageName = '';
  let identifier = { packageId: '', moduleName: '', entityName: '' };
  let argumentBytes: Uint8Array = Buffer.alloc(0);
  let salt: Uint8Array = Buffer.alloc(0);
  let createdAtMicros = 0;
  const [signatories, observers, maintainers]: [string[], string[], string[]] = [[], [], []];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === 10) contractId = Buffer.from(reader.bytes()).toString('hex');
    else if (tag === 18) packageName = readText(reader.bytes());
    else if (tag === 26) identifier = readIdentifier(reader.bytes());
    else if (tag === 34) argumentBytes = reader.bytes();
    else if (tag === 42) signatories.push(readText(reader.bytes()));
    else if (tag === 50) observers.push(readText(reader.bytes()));
    else if (tag === 57) createdAtMicros = Number(reader.fixed64());
    else if (tag === 66) salt = reader.bytes();
    else if (tag === 74) maintainers.push(readText(reader.bytes()));
    else reader.skipType(tag & 7);
  }
  const template = { ...identifier, packageName };
  checkWords({ contractId, template, parties: [...signatories, ...observers, ...maintainers] });
  if (signatories.length === 0) throw new DamagedBytes('signatories are missing');
  decode('com.daml.ledger.api.v2.Record', argumentBytes);
  return {
    contractId,
    template,
    argumentBytes,
    signatories,
    observers,
    maintainers,
    createdAtMicros,
    salt,
  };
}

/** A contract id of version 1: a zero, a discriminator, and up to 94 bytes of suffix. */
const CONTRACT_ID = /^00[0-9a-f]{64}([0-9a-f]{2}){0,94}$/;
/** Of packages and their names, and, with a colon, of parties. */
const ID = /^[A-Za-z0-9_ -]+$/;
const PARTY = /^[A-Za-z0-9:_ -]{1,255}$/;
const DOTTED_NAME = /^[A-Za-z$_][A-Za-z0-9$_]*(\.[A-Za-z$_][A-Za-z0-9$_]*)*$/;

/** Refuses what Daml-LF lets no id or name be, which makes a blob one that does not decode. */
function checkWords(words: { contractId: string; template: Template; parties: string[] }): void {
  const { packageId, moduleName, entityName, packageName } = words.template;
  const check = (rule: RegExp, ...texts: string[]) => {
    const wrong = texts.find((text) => !rule.test(text));
    if (wrong !== undefined) throw new DamagedBytes(`cannot parse '${wrong}'`);
  };
  check(CONTRACT_ID, words.contractId);
  check(ID, packageId, packageName);
  check(DOTTED_NAME, moduleName, entityName);
  check(PARTY, ...words.parties);
}

/** Parses a serialized `com.daml.ledger.api.v2.Identifier`. */
export function readIdentifier(bytes: Uint8Array): Omit<Template, 'packageName'> {
  const reader = Reader.create(bytes);
  let [packageId, moduleName, entityName] = ['', '', ''];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === 10) packageId = readText(reader.bytes());
    else if (tag === 18) moduleName = readText(reader.bytes());
    else if (tag === 26) entityName = readText(reader.bytes());
    else reader.skipType(tag & 7);
  }
  return { packageId, moduleName, entityName };
}
