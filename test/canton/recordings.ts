import { readdirSync, readFileSync } from 'node:fs';

import type { JsonValue } from '@bufbuild/protobuf';

/** One recorded call of `test/golden/`, `test/golden35/` or `test/golden210/`; see their READMEs. */
export interface Recording {
  file: string;
  order: number;
  label: string;
  rpc: string;
  /** Base64, or a list for the streamed side. */
  request: string | string[] | null;
  response: string | string[] | null;
  request_json: JsonValue;
  response_json: JsonValue;
  error?: {
    code: string;
    code_number: number;
    message: string;
    status_details: { code: number; message: string; details: Record<string, JsonValue>[] } | null;
    trailers: [string, string][] | null;
  };
}

const folder = new URL('../golden/', import.meta.url);
const FOLDERS = [folder, new URL('../golden35/', import.meta.url)];
const FOLDERS_210 = [new URL('../golden210/', import.meta.url)];

let all: Recording[] | undefined;
let of210: Recording[] | undefined;

/** Every recorded call of Canton 3, file by file in order. */
export function recordings(): Recording[] {
  return (all ??= readRecordings(FOLDERS));
}

/** Every recorded call of Canton 2.10, file by file in order. */
export function recordings210(): Recording[] {
  return (of210 ??= readRecordings(FOLDERS_210));
}

function readRecordings(folders: URL[]): Recording[] {
  const files = folders.flatMap((from) => readdirSync(from).map((name) => ({ name, from })));
  return files
    .filter(({ name }) => name.endsWith('.jsonl'))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap(({ name, from }) =>
      readFileSync(new URL(name, from), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => ({ ...(JSON.parse(line) as Recording), file: name.replace('.jsonl', '') })),
    );
}

/** The one recording with this file and order. */
export function recording(file: string, order: number): Recording {
  const found = recordings().find((each) => each.file === file && each.order === order);
  if (!found) throw new Error(`no recording ${order} in ${file}`);
  return found;
}

/** The messages of one side, streamed or not, with the JSON of each. */
export function messagesOf(
  side: string | string[] | null,
  json: JsonValue,
): { bytes: Buffer; json: JsonValue }[] {
  if (side === null) return [];
  const texts = typeof side === 'string' ? [side] : side;
  const values = typeof side === 'string' ? [json] : (json as JsonValue[]);
  return texts.map((text, index) => ({ bytes: Buffer.from(text, 'base64'), json: values[index] ?? {} }));
}

/** Bytes of a file of `test/golden/`. */
export function goldenBytes(path: string): Buffer {
  return readFileSync(new URL(path, folder));
}
