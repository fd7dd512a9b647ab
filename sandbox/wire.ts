import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Long } from '@grpc/proto-loader';
import protobuf from 'protobufjs';
import type { Messages } from './gen/index.js';

/** Full name of a message of canton/proto. */
type MessageName = keyof Messages;

/** What can be encoded as the message of that name. */
export type Encodable<N extends MessageName> = Given<Messages[N][0]>;

/** What the encoders take for a value: a list that nobody may change, and undefined for what is left out. */
export type Given<T> = T extends Long
  ? never
  : T extends string | number | boolean | null | undefined | Uint8Array
    ? T
    : T extends readonly (infer Element)[]
      ? readonly Given<Element>[]
      : { readonly [K in keyof T]: Given<T[K]> | undefined };

/** What a message of that name is decoded to. */
export type Decoded<N extends MessageName> = Messages[N][1];

/** A decoded message: proto field names, int64 and enums as strings, bytes as Buffer, absent fields absent. */
export type Message = Record<string, unknown>;

/** Whether what stands in a decoded message is a message itself. */
export function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type EncodableBy<N extends string> = N extends MessageName ? Encodable<N> : Message;
type DecodedBy<N extends string> = N extends MessageName ? Decoded<N> : Message;

/** How every message of the sandbox is decoded, by `@grpc/proto-loader` and here alike. */
export const DECODING = {
  longs: String,
  enums: String,
  bytes: Buffer,
  oneofs: true,
  arrays: true,
} as const;

/** Returns the folder of the workspace: the nearest one above this file that holds `canton/proto`. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'canton', 'proto'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no canton/proto above ${import.meta.url}`);
    folder = parent;
  }
  return folder;
}

/** Returns the folder of our .proto files. */
export function protoFolder(): string {
  return join(packageRoot(), 'canton', 'proto');
}

/** Lists every .proto file, relative to `protoFolder()`, sorted. */
export function protoFiles(): string[] {
  return readdirSync(protoFolder(), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.proto'))
    .sort();
}

let root: protobuf.Root | undefined;

/** Returns all that `canton/proto` defines. */
export function definitions(): protobuf.Root {
  root ??= load();
  return root;
}

const types = new Map<string, protobuf.Type>();

function lookup(name: string): protobuf.Type {
  let type = types.get(name);
  if (!type) {
    type = definitions().lookupType(name);
    types.set(name, type);
  }
  return type;
}

function load(): protobuf.Root {
  const loaded = new protobuf.Root();
  const folder = protoFolder();
  loaded.resolvePath = (_origin, target) => {
    const bundled = protobuf.common.get(target);
    if (bundled) return target;
    return target.startsWith(folder) ? target : join(folder, target);
  };
  loaded.loadSync(
    protoFiles().map((name) => join(folder, name)),
    { keepCase: true },
  );
  loaded.resolveAll();
  return loaded;
}

/** Serializes a message given by full name, e.g. `com.digitalasset.canton.protocol.v30.TopologyMapping`. */
export function encode<N extends string>(name: N, message: EncodableBy<N>): Buffer {
  const type = lookup(name);
  return Buffer.from(type.encode(type.fromObject(message)).finish());
}

/** A message that is serialized already: a ledger has most of it as bytes. */
export class Encoded {
  /** @param payloadBytes of its bytes fields, which faults count by */
  constructor(
    readonly bytes: Buffer,
    readonly payloadBytes: number,
  ) {}
}

/** Bytes that are no message; says what is wrong with them as Canton's protobuf library does. */
export class DamagedBytes extends Error {}

const PROTOBUF = 'com.google.protobuf.InvalidProtocolBufferException';
const ENDED = `${PROTOBUF}: While parsing a protocol message, the input ended unexpectedly in the middle of a field.  This could mean either that the input has been truncated or that an embedded message misreported its own length.`;
const WRONG_TAG = `${PROTOBUF}$InvalidWireTypeException: Protocol message tag had invalid wire type.`;
const WRONG_TEXT = `${PROTOBUF}: Protocol message had invalid UTF-8.`;

/** Runs what reads bytes with protobufjs, whose exceptions become `DamagedBytes`. */
export function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { constructor } = error;
    const code = 'code' in error ? error.code : undefined;
    if (constructor === RangeError) throw new DamagedBytes(ENDED);
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw new DamagedBytes(WRONG_TEXT);
    // Not what says itself what is wrong, and not a fault of ours.
    if (constructor === Error) throw new DamagedBytes(WRONG_TAG);
    throw error;
  }
}

/** The records of a snapshot end in the middle of one. */
export function cutShort(): DamagedBytes {
  return new DamagedBytes(ENDED);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads a text as strictly as Canton does, inside of `reading`: a reader alone would put something else for what is no UTF-8. */
export function readText(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}

/** Parses a message given by full name; throws `DamagedBytes`. */
export function decode<N extends string>(name: N, bytes: Uint8Array): DecodedBy<N> {
  const type = lookup(name);
  // protobufjs does not know the types that are made of what it loads.
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  return reading(() => type.toObject(type.decode(bytes), DECODING)) as DecodedBy<N>;
}

/** The message types of a method given by full name, e.g. `pkg.Service/Method`. */
export interface MethodTypes {
  readonly request: string;
  readonly response: string;
  readonly isRequestStream: boolean;
  readonly isResponseStream: boolean;
}

/** Whether canton/proto declares a method. */
export function isDeclared(rpc: string): boolean {
  const [service = '', name = ''] = rpc.split('/');
  try {
    return definitions().lookupService(service).methods[name] !== undefined;
  } catch {
    return false;
  }
}

/** Looks up the message types of a method. */
export function methodTypes(rpc: string): MethodTypes {
  const [service = '', name = ''] = rpc.split('/');
  const method = definitions().lookupService(service).methods[name];
  if (!method) throw new Error(`canton/proto has no method ${rpc}`);
  const full = (type: protobuf.Type | null) => type?.fullName.replace(/^\./, '') ?? '';
  return {
    request: full(method.resolvedRequestType),
    response: full(method.resolvedResponseType),
    isRequestStream: method.requestStream === true,
    isResponseStream: method.responseStream === true,
  };
}
