import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

import { CantonRefusal } from '../errors.js';
import { decode, encode } from '../wire.js';
import { wrap } from './keys.js';

/** A contract as a participant stores it. */
export interface Contract {
  readonly id: string;
  readonly template: { package_id: string; module_name: string; entity_name: string };
  readonly signatories: readonly string[];
  readonly observers: readonly string[];
  readonly maintainers: readonly string[];
  /** The text of its key; absent: it has none. */
  readonly key?: string;
  /** A serialised `SerializableContract`. */
  readonly bytes: Buffer;
  domain: string;
  state: 'active' | 'archived' | 'purged';
  /** Whether the Ledger API knows it: an import is published by the next connect. */
  isPublished: boolean;
  /** Purged and imported again: the Ledger API never shows it. Source: canton-2.10 H, item 3. */
  isInvisible: boolean;
  /** Whether the node holds its key. Source: canton-2.10 H, item 1. */
  hasKey: boolean;
  workflowId: string;
}

/** What a new contract is made of. */
export interface ContractContent {
  readonly number: number;
  readonly packageId: string;
  readonly owner: string;
  readonly observer: string;
  readonly isKeyed: boolean;
  readonly paddingBytes: number;
}

/** Makes the bytes of a contract, which its id is made of. */
export function newContract(content: ContractContent, domain: string): Contract {
  const { number, packageId, owner, observer, isKeyed } = content;
  const template = {
    package_id: packageId,
    module_name: isKeyed ? 'LabKeyed' : 'LabIou',
    entity_name: isKeyed ? 'Account' : 'Iou',
  };
  const text = `${number}`.padEnd(content.paddingBytes, '.');
  const instance = encode('com.daml.ledger.api.v1.Identifier', template);
  // As Daml-LF writes it: the template, then its arguments, which nobody here reads.
  const raw = Buffer.concat([lengthDelimited(1, lf(template)), lengthDelimited(2, Buffer.from(text))]);
  const observers = observer === owner ? [] : [observer];
  const seed = createHash('sha256').update(instance).update(text).update(owner).update(domain).digest();
  const suffix = createHash('sha256').update(seed).digest('hex');
  const id = `00${seed.toString('hex')}ca031220${suffix}`;
  const key = isKeyed ? `${owner}/${number}` : undefined;
  const bytes = encode('com.digitalasset.canton.protocol.v2.SerializableContract', {
    contract_id: id,
    raw_contract_instance: raw,
    metadata: {
      non_maintainer_signatories: isKeyed ? [] : [owner],
      non_signatory_stakeholders: observers,
      ...(key && { key: { template_id: instance, key: Buffer.from(key), package_name: '' } }),
      maintainers: isKeyed ? [owner] : [],
    },
    ledger_create_time: { seconds: `${1_795_000_000 + number}`, nanos: 0 },
    contract_salt: { hmac: 'HmacSha256', salt: seed },
  });
  return {
    ...parseContract(bytes),
    domain,
    state: 'active',
    isPublished: true,
    isInvisible: false,
    hasKey: true,
    workflowId: '',
  };
}

type Parsed = Omit<
  Contract,
  'domain' | 'state' | 'isPublished' | 'isInvisible' | 'hasKey' | 'workflowId'
>;

function parseContract(bytes: Buffer): Parsed {
  const read = decode('com.digitalasset.canton.protocol.v2.SerializableContract', bytes);
  const { non_maintainer_signatories: signing = [], maintainers = [] } = read.metadata ?? {};
  const { non_signatory_stakeholders: observers = [], key } = read.metadata ?? {};
  const fields = lengthDelimitedFields(read.raw_contract_instance ?? Buffer.alloc(0));
  const [package_id = '', module_name = '', entity_name = ''] = lengthDelimitedFields(
    fields[0] ?? Buffer.alloc(0),
  ).map(String);
  return {
    id: read.contract_id ?? '',
    template: { package_id, module_name, entity_name },
    signatories: [...signing, ...maintainers],
    observers,
    maintainers,
    ...(key?.key && { key: key.key.toString() }),
    bytes,
  };
}

/** Of an export, in the order of their ids. */
export function snapshotOf(
  contracts: readonly Contract[],
  { domain, protocolVersion }: { domain: string; protocolVersion: number },
): Buffer {
  const version = protocolVersion >= 6 ? 2 : protocolVersion >= 4 ? 1 : 0;
  const sorted = [...contracts].sort((one, other) => (one.id < other.id ? -1 : 1));
  const records = sorted.map(({ bytes }) => {
    const active = encode('com.digitalasset.canton.participant.admin.v0.ActiveContract', {
      protocol_version: protocolVersion,
      domain_id: domain,
      contract: wrap(bytes, version),
    });
    const record = wrap(active);
    return Buffer.concat([varint(record.length), record]);
  });
  return gzipSync(Buffer.concat(records));
}

/** One record of an import. */
export interface ImportedRecord extends Parsed {
  readonly domain: string;
}

/** Reads a whole snapshot. */
export function readSnapshot(gzip: Buffer): ImportedRecord[] {
  let raw: Buffer;
  try {
    raw = gunzipSync(gzip);
  } catch {
    throw importError('Compressed byte input ended too early');
  }
  const records: ImportedRecord[] = [];
  for (let at = 0; at < raw.length;) {
    const { value: length, end } = readVarint(raw, at);
    const record = raw.subarray(end, end + length);
    at = end + length;
    const { data } = decode('com.digitalasset.canton.version.v1.UntypedVersionedMessage', record);
    const active = decode(
      'com.digitalasset.canton.participant.admin.v0.ActiveContract',
      data ?? Buffer.alloc(0),
    );
    const wrapped = decode(
      'com.digitalasset.canton.version.v1.UntypedVersionedMessage',
      active.contract ?? Buffer.alloc(0),
    );
    records.push({ ...parseContract(wrapped.data ?? Buffer.alloc(0)), domain: active.domain_id ?? '' });
  }
  return records;
}

export function importError(cause: string): CantonRefusal {
  return new CantonRefusal({ id: 'IMPORT_ACS_ERROR', category: 8, cause });
}

function lf({ package_id, module_name, entity_name }: Contract['template']): Buffer {
  return Buffer.concat([
    lengthDelimited(1, Buffer.from(package_id)),
    lengthDelimited(2, Buffer.from(module_name)),
    lengthDelimited(3, Buffer.from(entity_name)),
  ]);
}

function lengthDelimited(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([field * 8 + 2]), varint(bytes.length), bytes]);
}

function lengthDelimitedFields(bytes: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const { value: length, end } = readVarint(bytes, at + 1);
    fields.push(bytes.subarray(end, end + length));
    at = end + length;
  }
  return fields;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Buffer.from([...bytes, value]);
}

function readVarint(bytes: Buffer, at: number): { value: number; end: number } {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 127) * scale;
    if (byte < 128) return { value, end: at };
  }
}
