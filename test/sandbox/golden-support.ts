import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { decode, type Message } from '../../sandbox/wire.js';
import { readRefusal } from './half-support.js';

/** One recorded call. */
export interface Recorded {
  readonly order: number;
  readonly label: string;
  readonly node: string;
  /** Full service name. */
  readonly service: string;
  readonly method: string;
  readonly kind: 'unary' | 'server-stream' | 'client-stream';
  readonly request: string | string[] | null;
  readonly response: string | string[] | null;
  readonly error: {
    readonly code_number: number;
    readonly message: string;
    readonly trailers: [string, string][] | null;
  } | null;
}

/** Reads a recording of `test/golden`. */
export function readRecording(name: string): Recorded[] {
  return readFileSync(new URL(`../golden/${name}.jsonl`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Recorded & { readonly rpc: string })
    .map((entry) => {
      const [service = '', method = ''] = entry.rpc.split('/');
      return { ...entry, service, method };
    });
}

/** What a recorded call answered: the messages, or the refusal. */
export function contentsOf(entry: Recorded, parse: (bytes: Buffer) => Message): unknown {
  if (entry.error) {
    const { code_number, message, trailers } = entry.error;
    const packed = trailers?.find(([name]) => name === 'grpc-status-details-bin')?.[1];
    const bytes = packed === undefined ? undefined : Buffer.from(packed.slice(4), 'base64');
    return readRefusal({ code: code_number, details: message }, bytes);
  }
  const messages = [entry.response ?? ''].flat().map((bytes) => parse(Buffer.from(bytes, 'base64')));
  return entry.kind === 'server-stream' ? messages : messages[0];
}

const TIMES = new Set(['created_at', 'effective_at', 'record_time', 'uploaded_at']);
const OPAQUE = new Set([
  'stream_continuation_token',
  'traceparent',
  'ping_time',
  'tid',
  'created_event_blob',
]);

/** Replaces what varies from run to run by `<kind#n>`, numbered by first appearance. */
export function normalised(value: unknown): unknown {
  const numbers = new Map<string, string>();
  const counts = new Map<string, number>();
  const tag = (kind: string, text: string) => {
    let found = numbers.get(text);
    if (found === undefined) {
      const number = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, number);
      found = `<${kind}#${number}>`;
      numbers.set(text, found);
    }
    return found;
  };
  const text = (given: string): string => {
    let result = given;
    for (const [kind, pattern] of PATTERNS)
      result = result.replace(pattern, (match) => tag(kind, match));
    return result;
  };
  const walk = (one: unknown, key: string): unknown => {
    if (TIMES.has(key)) return `<${key}>`;
    if (OPAQUE.has(key)) return `<${key}>`;
    if (key === 'chunk') return '<chunk>';
    if (typeof one === 'string') return text(one);
    if (Buffer.isBuffer(one)) return one.toString('base64');
    if (key === 'witness_parties') return (one as string[]).map((party) => text(party)).sort();
    if (Array.isArray(one)) return one.map((item) => walk(item, ''));
    if (typeof one !== 'object' || one === null) return one;
    const entries = Object.entries(one)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([name, item]) => [name, walk(item, name)]));
  };
  return walk(withSnapshot(value), '');
}

const PATTERNS: readonly (readonly [string, RegExp])[] = [
  ['contract', /00[0-9a-f]{64}ca121220[0-9a-f]{64}/g],
  ['short contract', /[0-9a-f]{12}\.\.\.ca1212[0-9a-f]{10}\.\.\./g],
  ['cut contract', /00[0-9a-f]{10,136}\.\.\./g],
  ['hash', /1220[0-9a-f]{64}/g],
  ['short hash', /1220[0-9a-f]{8}\.\.\./g],
  ['uuid', /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g],
  ['trace', /(?<=\(\d+,)[0-9a-f]{8}(?=\))/g],
  ['time', /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g],
  ['bytes', /<ByteString@[^>]*>/g],
];

/** A snapshot is compared by its records. */
function withSnapshot(value: unknown): unknown {
  if (!Array.isArray(value) || value.length === 0 || !('chunk' in (value[0] as object))) return value;
  const whole = gunzipSync(Buffer.concat(value.map((one: Message) => one['chunk'] as Buffer)));
  return framed(whole).map(({ body }) => {
    const versioned = decode('com.digitalasset.canton.version.v1.UntypedVersionedMessage', body);
    const wrapped = decode(
      'com.digitalasset.canton.admin.participant.v30.ActiveContract',
      versioned['data'] as Buffer,
    );
    const contract = decode(
      'com.daml.ledger.api.v2.ActiveContract',
      wrapped['active_contract'] as Buffer,
    );
    return { version: versioned['version'], contract };
  });
}

/** Cuts raw snapshot bytes into records, each with and without its length prefix. */
export function framed(raw: Buffer): { whole: Buffer; body: Buffer }[] {
  const found: { whole: Buffer; body: Buffer }[] = [];
  for (let at = 0; at < raw.length;) {
    let [length, end] = [0, at];
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = raw[end++] ?? 0;
      length |= (byte & 127) << shift;
      more = byte > 127;
    }
    found.push({ whole: raw.subarray(at, end + length), body: raw.subarray(end, end + length) });
    at = end + length;
  }
  return found;
}

/** Replaces texts everywhere in a message, keys included. */
export function swapped<T>(value: T, table: ReadonlyMap<string, string>): T {
  if (typeof value === 'string') {
    let text: string = value;
    for (const [from, to] of table) text = text.replaceAll(from, to);
    return text as T;
  }
  if (Buffer.isBuffer(value) || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one: unknown) => swapped(one, table)) as T;
  const entries: [string, unknown][] = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, one]) => [swapped(key, table), swapped(one, table)]),
  ) as T;
}
