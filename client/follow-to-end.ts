import { shown } from '../model/shown-text.js';
import { AbortedError, NotVerifiedError } from './errors.js';
import { follow } from './follow.js';
import type { MigrationClient } from './index.js';
import { renderReport, renderVerification } from './render/report.js';
import { nextOf, renderWithdrawal } from './render/status.js';
import { shortId } from './render/style.js';
import type { Terminal } from './terminal.js';

/**
 * Follows a migration until it has ended or its source watch runs, and prints the outcome; fails as the migration does.
 * Asks nothing. Ctrl-C ends the following, not the migration.
 */
export async function followToEnd(
  client: MigrationClient,
  id: string,
  terminal: Terminal,
): Promise<void> {
  const left = new AbortController();
  const leave = () => left.abort();
  process.once('SIGINT', leave);
  try {
    const last = await follow(client, id, terminal, { signal: left.signal });
    if (last?.execution === 'running' && last.status?.state !== 'watching') {
      const isWaiting = last.status !== undefined && last.status.state !== 'running';
      terminal.next(
        isWaiting
          ? `no longer followed, the migration waits: ${nextOf(last)}`
          : 'no longer followed, the migration goes on: canton-migrate status --watch',
      );
      return;
    }
  } finally {
    process.off('SIGINT', leave);
  }
  await printOutcome(client, id, terminal);
}

/** Prints how a migration ended, or that it is watched; fails as it did. */
export async function printOutcome(
  client: MigrationClient,
  id: string,
  terminal: Terminal,
): Promise<void> {
  try {
    const report = await client.result(id);
    terminal.print(`\n${renderReport(report, terminal.style)}`);
    terminal.printJson({ report });
    terminal.next(
      report.closedBy === undefined
        ? `source watch: ${shortId(shown(report.leftToDo[0]?.what ?? 'see the status'))}; then canton-migrate close ${id}`
        : 'do what is still to do by hand',
    );
  } catch (error) {
    if (error instanceof AbortedError && error.withdrawal) {
      terminal.print(renderWithdrawal(error.withdrawal, terminal.style));
    }
    if (error instanceof NotVerifiedError && error.verification) {
      terminal.print(renderVerification(error.verification, terminal.style));
    }
    throw error;
  }
}
