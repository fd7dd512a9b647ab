import {
  describeHostings,
  EXPORT_COMMAND,
  missingSignatures,
  type SignaturesTaken,
} from '../../model/ceremony.js';
import { count, counted } from '../../model/count.js';
import { plain, shown } from '../../model/shown-text.js';
import type { MigrationStatus } from '../../model/steering.js';
import type { Style } from './style.js';

/** What became of signatures that were handed in, and how many there are by now. */
export function renderTaken(
  result: SignaturesTaken & { id: string; by: string },
  status: MigrationStatus | undefined,
  style: Style,
): string {
  const { accepted, alreadyGiven, id, by } = result;
  return [
    `${counted(accepted, 'signature')} accepted, submitted by ${by}`,
    ...(alreadyGiven > 0 ? [`${counted(alreadyGiven, 'signature')} given before`] : []),
    ...refusedLines(result, id, style),
    ...(status?.hostings ? [describeHostings(status.hostings)] : []),
  ].join('\n');
}

function refusedLines(result: SignaturesTaken, id: string, style: Style): string[] {
  const { refused, refusedCount } = result;
  if (refusedCount === 0) return [];
  if (isForeign(result)) return [style.bad(`none of ${counted(refusedCount, 'line')} belongs to ${id}`)];
  const more = refusedCount - refused.length;
  const reason = onlyReason(result);
  if (reason !== undefined)
    return [style.bad(`none of ${counted(refusedCount, 'line')} was taken: ${reason}`)];
  return [
    style.bad(`${counted(refusedCount, 'signature')} refused`),
    ...refused.map(({ line, hash, type, why }) => {
      const of = hash === '' ? '' : `, ${plain(hash)}`;
      return `  line ${line}${of}: ${type}: ${plain(why)}`;
    }),
    ...(more > 0 ? [`  and ${count(more)} more`] : []),
  ];
}

/** Why nothing of a file was taken, if it is the same of every line: that of a file that nobody has signed yet. */
function onlyReason(result: SignaturesTaken): string | undefined {
  const { accepted, alreadyGiven, refused, refusedCount } = result;
  const [first] = refused;
  if (!first || refusedCount < 2 || accepted + alreadyGiven > 0) return undefined;
  const isSame = refused.every(({ type, why }) => type === first.type && why === first.why);
  return isSame ? `${first.type}: ${plain(first.why)}` : undefined;
}

/**
 * Whether nothing of a file belongs to the migration: it is that of another one, or of one that has ended.
 */
function isForeign({ accepted, alreadyGiven, refused, refusedCount }: SignaturesTaken): boolean {
  if (accepted + alreadyGiven > 0 || refusedCount === 0) return false;
  return refused.every(({ type }) => type === 'HashUnknown');
}

/** What whoever handed in signatures does next. */
export function nextAfterSigning(result: SignaturesTaken, status: MigrationStatus | undefined): string {
  const { accepted, alreadyGiven, refusedCount } = result;
  if (isForeign(result)) return `export again what is to be signed: ${EXPORT_COMMAND}`;
  if (refusedCount > 0)
    return `${accepted + alreadyGiven > 0 ? 'the others stand: ' : ''}correct these lines and import them`;
  const missing = status ? missingSignatures(status) : 0;
  if (missing > 0) return `${count(missing)} still missing: ${EXPORT_COMMAND} --missing`;
  return status ? shown(status.next) : 'canton-migrate status';
}
