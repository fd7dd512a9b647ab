import { count, counted, listed } from '../model/count.js';
import { MigrationError } from './errors.js';
import type { LineToSign, ToSign } from './lines-to-sign.js';

interface Wanted {
  /** Fingerprint of a key: only what it signs. */
  signer?: string;
  /** Only what no signature was handed in for. */
  missing?: boolean;
}

/** Which of the lines are exported; each is shown to `take`. */
export function* wanted(
  lines: Iterable<LineToSign>,
  { signer, missing = false }: Wanted,
  take: (line: LineToSign) => void,
): Generator<LineToSign> {
  for (const line of lines) {
    if (signer !== undefined && line.signedBy !== signer) continue;
    if (missing && (line.providedBy !== undefined || isOptional(line))) continue;
    take(line);
    yield line;
  }
}

/** Nothing waits for it, ever: of a hosting that the gate does not wait for, a later step does. */
function isOptional({ isRequired, purpose }: LineToSign): boolean {
  return !isRequired && purpose === 'root-key-proof';
}

export function linesInWords(lines: number, required: number): string {
  return `${counted(lines, 'line')}, ${count(required)} of them required by the gate root-key`;
}

/** Fails with `OptionInvalid` unless this key is asked to sign something. */
export function requireSigner({ requests, hostings }: ToSign, signer: string | undefined): void {
  const all = [...requests, ...(hostings?.requests ?? [])].map(({ key }) => key.fingerprint);
  if (signer === undefined || all.includes(signer)) return;
  const known = [...new Set(all)];
  const expected = known.length === 0 ? 'none: nothing is to be signed' : `one of ${listed(known)}`;
  const next = 'name one of these keys, or leave --signer out';
  throw new MigrationError(
    'usage',
    'OptionInvalid',
    `--signer: found ${signer}, expected ${expected}`,
    next,
  );
}
