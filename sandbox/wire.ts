import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

/** A decoded message: proto field names, int64 and enums as strings, bytes as Buffer, absent fields absent. */
export type Message = Record<string, unknown>;

/** How every message of the sandbox is decoded, by `@grpc/proto-loader` and here alike. */
export const DECODING = {
  longs: String,
  enums: String,
  bytes: Buffer,
  oneofs: true,
  arrays: true,
} as const;

/** Returns the folder of the package: the nearest one above this file that holds `canton/proto`. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${import.meta.url}`);
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
const types = new Map<string, protobuf.Type>();

function lookup(name: string): protobuf.Type {
  let type = types.get(name);
  if (!type) {
    root ??= load();
    type = root.lookupType(name);
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
export function encode(name: string, message: Message): Buffer {
  const type = lookup(name);
  return Buffer.from(type.encode(type.fromObject(message)).finish());
}

/** Parses a message given by full name; throws on damaged bytes. */
export function decode(name: string, bytes: Uint8Array): Message {
  const type = lookup(name);
  return type.toObject(type.decode(bytes), DECODING);
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
  root ??= load();
  try {
    return root.lookupService(service).methods[name] !== undefined;
  } catch {
    return false;
  }
}

/** Looks up the message types of a method. */
export function methodTypes(rpc: string): MethodTypes {
  const [service = '', name = ''] = rpc.split('/');
  root ??= load();
  const method = root.lookupService(service).methods[name];
  if (!method) throw new Error(`canton/proto has no method ${rpc}`);
  const full = (type: protobuf.Type | null) => type?.fullName.replace(/^\./, '') ?? '';
  return {
    request: full(method.resolvedRequestType),
    response: full(method.resolvedResponseType),
    isRequestStream: method.requestStream === true,
    isResponseStream: method.responseStream === true,
  };
}
