import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeclared, packageRoot } from '../../sandbox/wire.js';

/** One recorded call of a real Canton; see the READMEs of test/golden and test/golden35. */
export interface RecordedCall {
  readonly order: number;
  readonly label: string;
  /** Participants: `old`, `new`, `other`, with `-ledger` the Ledger API; `seqA`, `seqB`: Admin API of a sequencer. */
  readonly node: string;
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
  /** Of the third participant; only in recordings that need one. */
  readonly other?: string;
  /** Logical id. */
  readonly A: string;
  /** Absent where the recording is of one synchronizer. */
  readonly B?: string;
}

function golden(file: string): string {
  return readFileSync(join(packageRoot(), 'test', folderOf(file), file), 'utf8');
}

function folderOf(file: string): string {
  return existsSync(join(packageRoot(), 'test', 'golden', file)) ? 'golden' : 'golden35';
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
  const path = join(packageRoot(), 'test', folderOf(`${name}.jsonl`), 'ids.json');
  const { files } = JSON.parse(readFileSync(path, 'utf8')) as { files: Record<string, RecordedIds> };
  const ids = files[name];
  if (!ids) throw new Error(`ids.json does not name ${name}`);
  return ids;
}
