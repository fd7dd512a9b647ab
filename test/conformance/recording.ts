import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeclared, packageRoot } from '../../sandbox/wire.js';

/** One recorded call of a real Canton; see test/golden/README.md. */
export interface RecordedCall {
  readonly order: number;
  readonly label: string;
  readonly node: 'old' | 'new' | 'old-ledger' | 'new-ledger';
  /** Full name, `pkg.Service/Method`. */
  readonly rpc: string;
  readonly kind: 'unary' | 'server-stream' | 'client-stream';
  readonly metadata?: readonly (readonly [string, string])[];
  /** gRPC status name. */
  readonly status: string;
  /** Base64 protobuf; a list on a streamed side; null: none or not kept. */
  readonly request: string | readonly string[] | null;
  readonly response: string | readonly string[] | null;
  readonly error?: {
    readonly message: string;
    readonly status_details: { readonly details: readonly Record<string, unknown>[] } | null;
  } | null;
}

/** Ids of the two participants and synchronizers a file was recorded with. */
export interface RecordedIds {
  /** uid. */
  readonly old: string;
  readonly new: string;
  /** Logical id. */
  readonly A: string;
  readonly B: string;
}

function golden(file: string): string {
  return readFileSync(join(packageRoot(), 'test', 'golden', file), 'utf8');
}

/** Loads the calls of a recording, in order; leaves out methods that canton/proto does not declare. */
export function loadRecording(name: string): RecordedCall[] {
  return golden(`${name}.jsonl`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedCall)
    .filter((call) => isDeclared(call.rpc))
    .sort((one, other) => one.order - other.order);
}

/** Returns the ids a recording was made with. */
export function recordedIds(name: string): RecordedIds {
  const { files } = JSON.parse(golden('ids.json')) as { files: Record<string, RecordedIds> };
  const ids = files[name];
  if (!ids) throw new Error(`ids.json does not name ${name}`);
  return ids;
}
