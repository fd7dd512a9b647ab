import { count, counted, listed } from '../model/count.js';
import { isOver } from '../model/ended.js';
import type { MigrationStatus } from '../model/steering.js';
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

/** Whether a migration still takes signatures: before its gate `root-key` is passed, and where some of the parties lack some. */
export function isAsked({ gate, hostings, state, steps }: MigrationStatus): boolean {
  if (gate?.name === 'root-key' || hostings !== undefined) return true;
  return !isOver({ state }) && steps.every((step) => step.state === 'waiting');
}

/** What was handed in, where nothing is taken any more. */
export function whatStands({ requests, hostings }: ToSign, { state }: MigrationStatus): string {
  const given = requests.filter(({ provided }) => provided !== undefined);
  const signatures = given.length + (hostings?.signatures.length ?? 0);
  const all = requests.length + (hostings?.requests.length ?? 0);
  const rest = all > signatures ? `; nothing waits for the other ${count(all - signatures)}` : '';
  const why = isOver({ state }) ? `the migration is ${state}` : 'the gate root-key was passed';
  return `Nothing of it is to be signed any more: ${why}. ${count(signatures)} of ${counted(all, 'signature')} given${state === 'aborted' ? '' : ', which stand'}${rest}`;
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
