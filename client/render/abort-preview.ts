import { abortNote } from '../../model/ended.js';
import type { AbortPreview } from '../../model/report.js';
import { shown } from '../../model/shown-text.js';
import type { MigrationStatus } from '../../model/steering.js';
import { shortId, type Style } from './style.js';
import { table } from './table.js';

/** What whoever is asked about an abort has to know of this migration. */
export function renderAbortPreview(found: AbortPreview, status: MigrationStatus, style: Style): string {
  const { takenBack, stays } = shown(found);
  if (status.isPastPointOfNoReturn) return abortNote(status);
  if (takenBack.length + stays.length === 0) return 'Nothing was changed yet.';
  const rows = [
    ...takenBack.map(({ phase, changed }) => [
      'taken back',
      `${phase}: ${changed.map(shortId).join('; ') || 'what it has begun'}`,
      '',
    ]),
    ...stays.map(({ what, why }) => ['stays', shortId(what), why]),
  ];
  return [
    table(style, ['', 'what', 'why'], rows),
    abortNote(status),
    'What others made of the nodes meanwhile is found once it is tried, and listed with what stays.',
  ].join('\n');
}
