import { Argument, Command, Option } from 'commander';

import { statementOf } from '../../model/gate-summary.js';
import { GATES, type Gate } from '../../model/phase.js';
import type { HashedPlan } from '../../model/plan.js';
import type { ApproveInput, MigrationStatus } from '../../model/steering.js';
import {
  addCommonOptions,
  addIdentityOption,
  findNamed,
  NAMED,
  withClient,
  type CommonOptions,
} from '../command-options.js';
import { notSigned, readSigned, signingCommands, writeText } from '../approval-files.js';
import { MigrationError } from '../errors.js';
import { filledIn } from '../filled-in.js';
import type { MigrationClient } from '../index.js';
import { renderPlanSummary } from '../render/plan.js';
import { approvedLines } from '../render/gate.js';
import { indent } from '../render/style.js';
import type { Terminal } from '../terminal.js';

interface ApproveOptions extends CommonOptions {
  as: string;
  planHash?: string;
  yes?: boolean;
  wait?: boolean;
  evidence?: string;
  waive?: string;
  writeText?: string;
  text?: string;
  signatureFile?: string;
}

const EXAMPLES = `
Gates, in order, and what their approval confirms:
${Object.entries(GATES)
  .map(([name, { statement }]) => `  ${name}: ${statement}`)
  .join('\n')}

Examples:
  $ canton-migrate approve root-key
  $ canton-migrate approve cut-over --yes --wait
  $ canton-migrate approve cut-over --plan-hash 3f0c... --as 'Ada Lovelace'
  $ canton-migrate approve target-backup --evidence 'backup 2026-11-26T02:10Z, sha256 7d1f...'

Where the worker's configuration lists approvers, an approval is signed within 15 minutes, by one of these commands:
  $ canton-migrate approve cut-over --as 'Ada Lovelace' --write-text approval.txt
${signingCommands('approval.txt')
  .map((line) => `  $ ${line}`)
  .join('\n')}
  $ canton-migrate approve cut-over --text approval.txt --signature-file approval.txt.sig`;

export function approveCommand(): Command {
  return addIdentityOption(addCommonOptions(new Command('approve')))
    .description('approve a gate that a migration waits at')
    .addArgument(new Argument('<gate>', 'the gate to approve').choices(Object.keys(GATES)))
    .argument('[migration]', NAMED)
    .option('--plan-hash <hash>', 'the plan to approve, without asking')
    .option('--yes', 'approve the plan of the migration, whatever it is, without asking')
    .option('--wait', 'wait for the gate to open, as long as nothing else waits for an operator')
    .addOption(
      new Option('--evidence <text>', 'target-backup: name or checksum of the backup, for the report')
        .argParser(filledIn)
        .conflicts('waive'),
    )
    .option('--waive <reason>', 'target-backup: why there is no backup, for the report', filledIn)
    .option('--write-text <path>', 'write the text that has to be signed, and approve nothing yet')
    .option('--text <path>', 'the text that was signed: plan, name and time are taken from it')
    .option('--signature-file <path>', 'its signature, as openssl or ssh-keygen writes it')
    .addHelpText('after', EXAMPLES)
    .action(async (gate: Gate, reference: string | undefined, options: ApproveOptions) => {
      await withClient(options, async (client, terminal) => {
        const signed = readSigned(gate, options);
        const id = await findNamed(client, terminal, reference);
        const isOpen = () => requireOpen(client, id, gate);
        if (options.wait) await comesTo(client, id, gate);
        const backup = signed ? {} : await backupOf(terminal, gate, options, isOpen);
        if (signed) return approve(client, terminal, id, signed);
        const planHash = options.planHash ?? (await askForPlan(client, id, terminal, gate, options));
        if (planHash === undefined)
          return terminal.next('nothing was approved; repeat the command when you are ready');
        const approval = { gate, planHash, approver: options.as, ...backup };
        if (options.writeText === undefined) return approve(client, terminal, id, approval);
        await requireSigned(client, id, approval);
        writeText(terminal, { ...approval, migration: id }, options.writeText);
      });
    });
}

async function approve(
  client: MigrationClient,
  terminal: Terminal,
  id: string,
  approval: ApproveInput,
): Promise<void> {
  const { gate, planHash, approver } = approval;
  await client.approve(id, approval);
  terminal.print(`approved ${gate} as ${approver}`);
  terminal.printJson({ id, gate, planHash, approver });
  const { status } = await client.status(id);
  terminal.next(
    status?.pausedBy === undefined
      ? 'canton-migrate status --watch'
      : 'it is paused, and goes on only after: canton-migrate resume',
  );
}

/** Waits for a gate to open. Fails with `GateNotOpen` where the migration needs somebody before, or has ended. */
async function comesTo(client: MigrationClient, id: string, gate: Gate): Promise<void> {
  for await (const { status } of client.watch(id)) {
    if (status && status.state !== 'running') break;
  }
  await requireOpen(client, id, gate);
}

/** Nobody is asked about a gate that is not open; where no worker answers, the update itself finds out. */
async function requireOpen(client: MigrationClient, id: string, gate: Gate): Promise<void> {
  const { status } = await client.status(id);
  if (!status || status.gate?.name === gate) return;
  const open = status.gate
    ? `${status.gate.name} is`
    : `the migration is ${status.state} in ${status.stage}`;
  const message = `gate ${gate} is not open: ${open}`;
  throw new MigrationError('refused', 'GateNotOpen', message, status.next);
}

/** Nobody signs what would be rejected: for another plan, or where no signature is asked for. */
async function requireSigned(
  client: MigrationClient,
  id: string,
  { gate, planHash }: ApproveInput,
): Promise<void> {
  const planned = await client.planOf(id);
  if (planned?.plan.approval.approvers.length === 0) {
    const message = "--write-text: the worker's configuration lists no approvers, so nothing is signed";
    throw new MigrationError('usage', 'InputInvalid', message, `canton-migrate approve ${gate}`);
  }
  if (planned?.hash === planHash) return;
  const found = `found ${planHash}, expected ${planned?.hash ?? 'none, the migration has no plan yet'}`;
  const next = 'check the plan and repeat the command without --plan-hash';
  throw new MigrationError('usage', 'PlanHashMismatch', `--plan-hash: ${found}`, next);
}

/**
 * The evidence of a backup or why there is none, asked for where somebody can be asked and nobody said not to; only the
 * gate that wants it has one. Fails with `EvidenceMissing`.
 */
async function backupOf(
  terminal: Terminal,
  gate: Gate,
  { evidence, waive, yes, planHash }: ApproveOptions,
  requireOpenGate: () => Promise<void>,
): Promise<Pick<ApproveInput, 'evidence' | 'waiver'>> {
  if (evidence !== undefined) return { evidence };
  if (waive !== undefined) return { waiver: waive };
  if (gate !== 'target-backup') return {};
  if (terminal.isInteractive && !yes && planHash === undefined) {
    await requireOpenGate();
    const named = await terminal.ask(
      'Name or checksum of the backup of the target (empty: there is none):',
    );
    if (named !== undefined) return { evidence: named };
    const waiver = await terminal.ask('Why is there none?');
    if (waiver !== undefined) return { waiver };
  }
  throw new MigrationError(
    'refused',
    'EvidenceMissing',
    'found neither --evidence nor --waive, expected one of them: a name or checksum of the backup of the target, or why there is none',
    'repeat the command with one of them',
  );
}

async function askForPlan(
  client: MigrationClient,
  id: string,
  terminal: Terminal,
  gate: Gate,
  { yes, as, writeText: path }: ApproveOptions,
): Promise<string | undefined> {
  const planned = await client.planOf(id);
  if (!planned) {
    const next = 'wait for it: canton-migrate status --watch';
    throw new MigrationError('refused', 'PlanPending', 'the migration has no plan yet', next);
  }
  const { status, execution } = await client.status(id);
  // The approval itself says how it ended.
  if (execution !== 'running' && path === undefined) return planned.hash;
  printApproved(terminal, gate, planned, status);
  if (path !== undefined) return planned.hash;
  if (planned.plan.approval.approvers.length > 0) throw notSigned(gate);
  if (yes || (await terminal.confirm(`Approve ${gate} as ${as}?`, '--plan-hash'))) return planned.hash;
  return undefined;
}

/** What is confirmed by an approval, before anybody is asked for it. */
function printApproved(
  terminal: Terminal,
  gate: Gate,
  planned: HashedPlan,
  status: MigrationStatus | undefined,
): void {
  const open = status?.gate?.name === gate ? status : undefined;
  if (!open?.gate) {
    terminal.print(renderPlanSummary(planned));
    terminal.print(`By approving ${gate} you confirm that\n${indent(statementOf(gate, planned.plan))}`);
    return;
  }
  terminal.print(`plan ${planned.hash}`);
  terminal.print(approvedLines(open, terminal.style).join('\n'));
}
