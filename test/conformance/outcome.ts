import { decode, methodTypes, type Message } from '../../sandbox/wire.js';
import type { RecordedCall } from './recording.js';

/** What a call answered, recorded or played: messages decoded, nothing replaced yet. */
export interface Outcome {
  /** gRPC status name. */
  readonly status: string;
  readonly responses: readonly Message[];
  readonly error?: { readonly message: string; readonly details: readonly ErrorDetail[] };
}

/** One detail of a `google.rpc.Status`. */
export interface ErrorDetail {
  readonly type: string;
  readonly content: Message;
}

/** Decodes the details of a `grpc-status-details-bin` trailer. */
export function errorDetails(trailer: Buffer | undefined): ErrorDetail[] {
  if (!trailer) return [];
  const details = decode('google.rpc.Status', trailer)['details'] as {
    type_url: string;
    value: Buffer;
  }[];
  return details.map(({ type_url, value }) => {
    const type = type_url.slice(type_url.indexOf('/') + 1);
    return { type, content: decode(type, value) };
  });
}

/** Returns what a recorded call answered. */
export function recordedOutcome(call: RecordedCall): Outcome {
  const type = methodTypes(call.rpc).response;
  const bytes = typeof call.response === 'string' ? [call.response] : (call.response ?? []);
  const responses = bytes.map((one) => decode(type, Buffer.from(one, 'base64')));
  if (!call.error) return { status: call.status, responses };
  const details = (call.error.status_details?.details ?? []).map(({ '@type': kind, ...content }) => ({
    type: String(kind),
    content: content['retry_delay'] === '1s' ? { retry_delay: { seconds: '1' } } : content,
  }));
  return { status: call.status, responses: [], error: { message: call.error.message, details } };
}

const TIMES = new Set([
  'sequenced',
  'valid_from',
  'valid_until',
  'uploaded_at',
  'record_time',
  'earliest_retry_timestamp',
  'effective_at',
  'created_at',
  'current_time',
  'uptime',
  'upgrade_time',
  'estimation_timestamp',
]);
const NUMBERS = new Set([
  'ledger',
  'admin',
  'offset',
  'completion_offset',
  'preparation_time',
  'ping_time',
  // What something costs depends on keys and on how many members there are; a test of its own compares it roughly.
  'timestamp',
  'base_traffic_remainder',
  'extra_traffic_consumed',
  'last_consumed_cost',
  'paid_traffic_cost',
]);
const UNORDERED = new Set([
  'results',
  'packages',
  'package_descriptions',
  'party_details',
  'details',
  'dars',
  'private_keys_metadata',
]);

/** The patterns of varying texts; the first that fits a part of a text wins. */
const PATTERNS: readonly (readonly [string, RegExp])[] = [
  ['contract', /\b00[0-9a-f]{64}([0-9a-f]{72})?\b/g],
  ['fingerprint', /1220[0-9a-f]{64}/g],
  ['short', /1220[0-9a-f]{8}\.\.\./g],
  ['bytestring', /<ByteString@[^>]*>/g],
  ['sequencer', /SEQ::[\w-]+/g],
  ['address', /https?:\/\/127\.0\.0\.1:\d+/g],
  ['correlation', /(?<=\(\d{1,2},)[0-9a-f]{8}(?=\))/g],
  ['time', /\b\d{4}-\d\d-\d\dT[\d:.]+Z/g],
  ['trace', /\b[0-9a-f]{32}\b/g],
  ['span', /(?<=-)[0-9a-f]{16}(?=-0\d$)/g],
  ['uuid', /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g],
];

/** Replaces what varies by `<kind#n>`, n by first appearance in this outcome; leaves out default values. */
export function normalize(outcome: Outcome, keptTrace?: string): unknown {
  const seen = new Map<string, string>();
  const counts = new Map<string, number>();
  const name = (kind: string, value: string) => {
    if (value === keptTrace) return value;
    const known = seen.get(`${kind}/${value}`);
    if (known) return known;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const made = `<${kind}#${count}>`;
    seen.set(`${kind}/${value}`, made);
    return made;
  };
  const text = (value: string) =>
    PATTERNS.reduce(
      (left, [kind, pattern]) => left.replace(pattern, (found) => name(kind, found)),
      value,
    );
  const walk = (value: unknown, key: string): unknown => {
    // Opaque, and of the moment.
    if (key === 'stream_continuation_token') return '<token>';
    if (Buffer.isBuffer(value))
      return value.length > 16 ? name('bytes', value.toString('hex')) : value.toString('hex');
    if (TIMES.has(key)) return `<time>`;
    if (NUMBERS.has(key)) return '<number>';
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return list(value, key);
    if (typeof value !== 'object' || value === null) return value;
    return object(value as Record<string, unknown>);
  };
  const list = (values: unknown[], key: string) => {
    const ordered = UNORDERED.has(key)
      ? [...values].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
      : values;
    return ordered.map((one) => walk(one, ''));
  };
  const object = (value: Record<string, unknown>) => {
    const kept: Record<string, unknown> = {};
    for (const key of Object.keys(value).sort()) {
      const walked =
        isDefault(value[key]) || isOneofName(value, key) ? undefined : walk(value[key], key);
      if (walked !== undefined) kept[key] = walked;
    }
    return kept;
  };
  return walk({ ...outcome }, '');
}

/** With `oneofs` a decoded message also carries, per oneof, the name of the field that is set. */
function isOneofName(message: Record<string, unknown>, key: string): boolean {
  const value = message[key];
  return typeof value === 'string' && value !== key && value in message && message[value] !== undefined;
}

function isDefault(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  const isZero = value === 0 || value === '0' || value === '' || value === false;
  return (
    isZero ||
    value === undefined ||
    value === null ||
    (typeof value === 'string' && /_UNSPECIFIED$/.test(value))
  );
}

/** Orders list entries by what does not vary: names of parties and packages, with ids cut out. */
function sortKey(value: unknown): string {
  const bare = JSON.stringify(value, (key, one: unknown) =>
    TIMES.has(key) || key === 'transaction_hash' ? undefined : one,
  );
  return bare.replace(/1220[0-9a-f]{64}/g, '').replace(/"(data|public_key)":\[[\d,]*\]/g, '');
}

/** Each hosting change with party and participant, in any order: how many take effect together varies. */
export function hostingEvents({ responses }: Outcome): string[] {
  const updates = responses.map((one) => one['topology_transaction'] as Message | undefined);
  const events = updates.flatMap((one) => (one?.['events'] ?? []) as Message[]);
  const named = events.flatMap((event) =>
    Object.entries(event)
      .filter(([kind]) => kind.startsWith('participant_authorization_'))
      .map(([kind, value]) => {
        const { party_id, participant_id } = value as Record<string, string>;
        return [kind, party_id, participant_id].map((id) => id!.split('::')[0]).join(' ');
      }),
  );
  return named.sort();
}
