import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { tableBelow } from '../docs/markdown.js';
import type { Sandbox } from '../../sandbox/index.js';

/** What `SECURITY.md` says that a worker needs of one service of a node. */
interface Privilege {
  api: string;
  service: string;
  reads: string[];
  changes: string[];
  /** Of the changes, those that a source gets. */
  sourceChanges: string[];
}

export function securityPage(): string {
  return readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8');
}

/** The rows of the table of least privilege. */
export function documentedPrivileges(heading = 'Least privilege'): Privilege[] {
  const names = (cell = '') => (cell === 'none' ? [] : cell.split(', '));
  return tableBelow(securityPage(), heading).map(
    ([api = '', service = '', reads, changes, sourceChanges]) => ({
      api,
      service,
      reads: names(reads),
      changes: names(changes),
      sourceChanges: names(sourceChanges),
    }),
  );
}

/** Fails if a node got a changing call that its credential need not allow. */
export function assertWithinPrivileges({ calls }: Pick<Sandbox, 'calls'>): void {
  const rows = documentedPrivileges();
  const allowed = (of: 'changes' | 'sourceChanges') => new Set(rows.flatMap((row) => row[of]));
  const exceeding = (participant: string, of: 'changes' | 'sourceChanges') => {
    const names = allowed(of);
    return calls
      .list({ participant, isMutating: true })
      .map(({ method }) => method)
      .filter((name) => !names.has(name));
  };
  assert.deepEqual([...new Set(exceeding('source', 'sourceChanges'))], [], 'at the source');
  assert.deepEqual([...new Set(exceeding('target', 'changes'))], [], 'at the target');
}
