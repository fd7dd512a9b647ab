import { Argument, Command } from 'commander';

import { sincePlanLines } from '../../model/differences.js';
import { GATES, type Gate } from '../../model/phase.js';
import type { ApproveInput } from '../../model/steering.js';
import {
  addCommonOptions,
  addIdentityOption,
  withClient,
  type CommonOptions,
} from '../command-options.js';
import { MigrationError } from '../errors.js';
import type { MigrationClient } from '../index.js';
import { renderPlanSummary } from '../render/plan.js';
import { indent } from '../render/style.js';
import type { Terminal } from '../terminal.js';

interface ApproveOptions extends CommonOptions {
  as: string;
  planHash?: string;
  yes?: boolean;
  evidence?: string;
  waive?: string;
}

const EXAMPLES = `
Gates, in order, and what their approval confirms:
${Object.entries(GATES)
  .map(([name, { statement }]) => `  ${name}: ${statement}`)
  .join('\n')}

Examples:
  $ canton-migrate approve root-key
  $ canton-migrate approve cut-over --plan-hash 3f0c... --as 'Ada Lovelace'
  $ canton-migrate approve target-backup --evidence 'backup 2026-11-26T02:10Z, sha256 7d1f...'`;

export function approveCommand(): Command {
  return addIdentityOption(addCommonOptions(new Command('approve')))
    .description('open a gate that a migration waits at')
    .addArgument(new Argument('<gate>', 'what is approved').choices(Object.keys(GATES)))
    .argument('[migration]', 'id, or uid of the source')
    .option('--plan-hash <hash>', 'the plan that is approved; no question is asked')
    .option('--yes', 'approve the plan of the migration, whatever it is, without asking')
    .option('--evidence <text>', 'target-backup: name or checksum of the backup, for the report')
    .option('--waive <reason>', 'target-backup: why there is no backup, for the report')
    .addHelpText('after', EXAMPLES)
    .action(async (gate: Gate, reference: string | undefined, options: ApproveOptions) => {
      await withClient(options, async (client, terminal) => {
        const id = await client.find(reference);
        const planHash = options.planHash ?? (await askForPlan(client, id, terminal, gate, options));
        if (planHash === undefined)
          return terminal.next('nothing was approved; repeat the command when you are ready');
        const approval = { gate, planHash, approver: options.as };
        await client.approve(id, { ...approval, ...(await backupOf(terminal, gate, options)) });
        terminal.print(`approved ${gate} as ${options.as}`);
        terminal.printJson({ id, gate, planHash, approver: options.as });
        terminal.next('canton-migrate status --watch');
      });
    });
}

/** The evidence of a backup or why there is none, asked for where somebody can be asked; only the gate that wants it has one. */
async function backupOf(
  terminal: Terminal,
  gate: Gate,
  { evidence, waive }: ApproveOptions,
): Promise<Pick<ApproveInput, 'evidence' | 'waiver'>> {
  const isOpen = gate === 'target-backup' && evidence === undefined && waive === undefined;
  const named = isOpen
    ? await terminal.ask('Name or checksum of the backup of the target (empty: there is none):')
    : evidence;
  const waiver = isOpen && named === undefined ? await terminal.ask('Why is there none?') : waive;
  return { ...(named !== undefined && { evidence: named }), ...(waiver !== undefined && { waiver }) };
}

async function askForPlan(
  client: MigrationClient,
  id: string,
  terminal: Terminal,
  gate: Gate,
  { yes, as }: ApproveOptions,
): Promise<string | undefined> {
  const planned = await client.planOf(id);
  if (!planned) {
    const next = 'wait for it: canton-migrate status --watch';
    throw new MigrationError('refused', 'PlanPending', 'the migration has no plan yet', next);
  }
  terminal.print(renderPlanSummary(planned));
  const { status } = await client.status(id);
  if (status?.differences) terminal.print(sincePlanLines(status.differences).join('\n'));
  terminal.print(`By approving ${gate} you confirm that\n${indent(GATES[gate].statement)}`);
  if (yes || (await terminal.confirm(`Approve ${gate} as ${as}?`, '--plan-hash'))) return planned.hash;
  return undefined;
}
