import { missingSignatures } from '../model/ceremony.js';
import { counted } from '../model/count.js';
import type { Gate } from '../model/phase.js';
import { shown } from '../model/shown-text.js';
import type { MigrationStatus } from '../model/steering.js';
import { AbortedError, NotVerifiedError } from './errors.js';
import { follow } from './follow.js';
import type { MigrationClient } from './index.js';
import { renderPlanSummary } from './render/plan.js';
import { renderReport, renderVerification } from './render/report.js';
import { gateLines, renderWithdrawal } from './render/status.js';
import { shortId } from './render/style.js';
import type { Terminal } from './terminal.js';

/**
 * Follows a migration until it has ended or its source watch runs, and prints the outcome; fails as the migration does. On
 * a terminal it asks at every gate. Ctrl-C ends the following, not the migration.
 */
export async function followToEnd(
  client: MigrationClient,
  id: string,
  terminal: Terminal,
  { approver }: { approver: string },
): Promise<void> {
  const left = new AbortController();
  const leave = () => left.abort();
  process.once('SIGINT', leave);
  try {
    const atGate = (status: MigrationStatus) => askAtGate(client, id, terminal, status, approver);
    const last = await follow(client, id, terminal, {
      signal: left.signal,
      ...(terminal.isInteractive && { atGate }),
    });
    if (last?.execution === 'running' && last.status?.state !== 'watching') {
      terminal.next('no longer followed; the migration goes on: canton-migrate status');
      return;
    }
  } catch (error) {
    // Ctrl-C at the question of a gate.
    if (!(error instanceof Error) || error.name !== 'ExitPromptError') throw error;
    terminal.next('no longer followed; the migration waits at its gate: canton-migrate approve <gate>');
    return;
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

/** Asks until somebody else answers: once the gate is not open any more, there is nothing to ask. */
async function askWhileOpen(
  client: MigrationClient,
  id: string,
  terminal: Terminal,
  { gate, approver }: { gate: Gate; approver: string },
): Promise<'yes' | 'no' | 'void'> {
  const [answered, passed] = [new AbortController(), new AbortController()];
  const looking = (async () => {
    for await (const { status, execution } of client.watch(id, { signal: answered.signal })) {
      const isOpen = execution === 'running' && (!status || status.gate?.name === gate);
      if (!isOpen) return passed.abort();
    }
  })();
  // The following that goes on meets the same.
  looking.catch(() => passed.abort());
  try {
    const question = `Approve ${shown(gate)} as ${approver}?`;
    return (await terminal.confirm(question, '--yes', passed.signal)) ? 'yes' : 'no';
  } catch (error) {
    if (passed.signal.aborted) return 'void';
    throw error;
  } finally {
    answered.abort();
  }
}

async function askAtGate(
  client: MigrationClient,
  id: string,
  terminal: Terminal,
  status: MigrationStatus,
  approver: string,
): Promise<boolean> {
  const planned = await client.planOf(id);
  if (!status.gate || !planned) return true;
  terminal.print(renderPlanSummary(planned));
  terminal.print(gateLines(status, terminal.style).join('\n'));
  const missing = missingSignatures(status);
  if (missing > 0) {
    terminal.next(`waiting for ${counted(missing, 'signature')}: ${shown(status.next)}`);
    return true;
  }
  const answer = await askWhileOpen(client, id, terminal, { gate: status.gate.name, approver });
  if (answer === 'no') return false;
  if (answer === 'void') return true;
  await client.approve(id, { gate: status.gate.name, planHash: planned.hash, approver });
  return true;
}
