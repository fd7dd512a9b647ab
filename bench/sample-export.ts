import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { frame } from '../acs/framing.js';

/** What one made-up contract contains; everything left out has a value made from its number. */
export interface SampleContract {
  number: number;
  contractId?: string;
  signatories?: string[];
  observers?: string[];
  witnessParties?: string[];
  synchronizerId?: string;
  reassignmentCounter?: number;
  representativePackageId?: string;
  templatePackageId?: string;
  note?: string;
  offset?: number;
  nodeId?: number;
  hasEvent?: boolean;
  hasBlob?: boolean;
}

/** Logical id of the synchronizer of all made-up contracts. */
export const SAMPLE_SYNCHRONIZER = `global-domain::1220${sha('synchronizer')}`;
/** Package of all made-up contracts. */
export const SAMPLE_PACKAGE = sha('package');

/** The party with this hint, in the one namespace of all made-up parties. */
export function sampleParty(hint: string): string {
  return `${hint}::1220${sha('namespace')}`;
}

/** Returns a record as an export has it, about 1 kB, of which gzip leaves a fifth. */
export function sampleRecord(contract: SampleContract): Buffer {
  const { hasEvent = true, synchronizerId = SAMPLE_SYNCHRONIZER, reassignmentCounter = 0 } = contract;
  const active = Buffer.concat([
    hasEvent ? bytesField(1, sampleEvent(contract)) : Buffer.alloc(0),
    bytesField(2, synchronizerId),
    numberField(3, reassignmentCounter),
  ]);
  return Buffer.concat([bytesField(1, bytesField(1, active)), numberField(2, 30)]);
}

/** The contract id `sampleRecord` gives to a contract without one. */
export function sampleContractId(number: number): string {
  return `00${sha(`contract ${number}`)}ca1212${'20'}${sha(`suffix ${number >> 4}`)}`;
}

function sampleEvent(contract: SampleContract): Buffer {
  const {
    number,
    templatePackageId = SAMPLE_PACKAGE,
    representativePackageId = SAMPLE_PACKAGE,
  } = contract;
  const signatories = contract.signatories ?? [sampleParty(`issuer-${number % 7}`)];
  const observers = contract.observers ?? [sampleParty(`owner-${number % 101}`)];
  const contractId = contract.contractId ?? sampleContractId(number);
  const template = [bytesField(1, templatePackageId), bytesField(2, 'Holding'), bytesField(3, 'Iou')];
  const note = bytesField(6, bytesField(2, `amount ${number} ${contract.note ?? ''}`));
  return Buffer.concat([
    numberField(1, contract.offset ?? 1000 + number),
    numberField(2, contract.nodeId ?? number % 3),
    bytesField(3, contractId),
    bytesField(4, Buffer.concat(template)),
    note,
    contract.hasBlob === false
      ? Buffer.alloc(0)
      : bytesField(7, sampleBlob(contractId, signatories, observers)),
    ...(contract.witnessParties ?? signatories).map((party) => bytesField(9, party)),
    ...signatories.map((party) => bytesField(10, party)),
    ...observers.map((party) => bytesField(11, party)),
    bytesField(12, Buffer.concat([numberField(1, 1_790_000_000 + number), numberField(2, 493_401_000)])),
    bytesField(13, 'holding'),
    numberField(14, 1),
    bytesField(15, representativePackageId),
  ]);
}

/** Like a real blob: the ids and parties once more, some fixed bytes, and a salt nobody can compress. */
function sampleBlob(contractId: string, signatories: string[], observers: string[]): Buffer {
  const salt = createHash('sha256').update(contractId).digest();
  return Buffer.concat([
    Buffer.from('0a03322e31', 'hex'),
    Buffer.from(contractId, 'hex'),
    Buffer.from([SAMPLE_PACKAGE, 'Holding:Iou', ...signatories, ...observers].join('\n')),
    salt,
    createHash('sha512').update(salt).digest(),
  ]);
}

/** Packs records as `ExportAcs` does: framed, one gzip member, in chunks of `chunkBytes`. */
export async function* sampleExport(
  records: Iterable<Uint8Array>,
  chunkBytes = 2 * 1024 * 1024,
): AsyncGenerator<Buffer, void, undefined> {
  const gzip = Readable.from(blocks(records), { objectMode: false }).pipe(
    createGzip({ chunkSize: 64 * 1024 }),
  );
  let waiting: Buffer = Buffer.alloc(0);
  for await (const packed of gzip as AsyncIterable<Buffer>) {
    waiting = Buffer.concat([waiting, packed]);
    for (; waiting.length >= chunkBytes; waiting = waiting.subarray(chunkBytes))
      yield waiting.subarray(0, chunkBytes);
  }
  if (waiting.length > 0) yield waiting;
}

/** Framed records in blocks of some hundred kB, so that streams have few chunks to carry. */
function* blocks(records: Iterable<Uint8Array>): Generator<Buffer, void, undefined> {
  let block: Buffer[] = [];
  for (const record of records) {
    block.push(frame(record));
    if (block.length < 256) continue;
    yield Buffer.concat(block);
    block = [];
  }
  if (block.length > 0) yield Buffer.concat(block);
}

/** `count` made-up contracts, numbered from 0. */
export function* sampleRecords(count: number): Generator<Buffer, void, undefined> {
  for (let number = 0; number < count; number++) yield sampleRecord({ number });
}

function bytesField(field: number, value: string | Uint8Array): Buffer {
  return Buffer.concat([varint(field * 8 + 2), frame(Buffer.from(value))]);
}

function numberField(field: number, value: number): Buffer {
  return value === 0 ? Buffer.alloc(0) : Buffer.concat([varint(field * 8), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
