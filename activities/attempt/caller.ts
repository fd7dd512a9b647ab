import { Context, type Info } from '@temporalio/activity';

import { CLAIM_WORKFLOW, type NodeClaim } from '../../model/claim.js';
import { refused } from '../../model/failure.js';
import type { Grounds } from '../../model/gates.js';
import type { NodeRef } from '../../model/participant.js';
import { importPrefix } from '../../model/plan-parts.js';
import { migrationId, type ApprovalPolicy } from '../../model/plan.js';
import { PLANNED_MEMO, type PlannedMemo } from '../../model/planned.js';
import { MIGRATE_WORKFLOW, PARK_WORKFLOW, type ParkRequest } from '../../model/steering.js';
import { assertApproved } from './approvals.js';
import { findExecution, type Execution } from './executions.js';

/** Two names of the worker's configuration, in the direction in which contracts may go. */
export interface MigrationPair {
  source: string;
  target: string;
}

/** What the worker's configuration says of who may change a node. */
export interface CallerRules {
  /** Every pair is allowed if left out. */
  migrations?: readonly MigrationPair[];
  approval: ApprovalPolicy;
}

/** The one activity by which a workflow that parks a node changes it. */
const PARKING = 'ensureParked';
/** Their source is the participant that holds the root key, which may be neither of the two. */
const ISSUING: readonly string[] = [
  'ensureNamespaceDelegation',
  'submitSignedDelegation',
  'loadNamespaceDelegation',
];

const asked = new WeakMap<Context, { input: unknown; grounds: Grounds }>();
const callers = new WeakMap<Context, Caller>();

/** Keeps what this attempt was asked, until it changes something. */
export function noteAsked(input: unknown, grounds: Grounds): void {
  asked.set(Context.current(), { input, grounds });
}

/** The caller of the attempt that runs: every part of it shares one proof. */
export function currentCaller(rules: CallerRules): Caller {
  const context = Context.current();
  const caller = callers.get(context) ?? new Caller(context, rules);
  callers.set(context, caller);
  return caller;
}

/** Fails with `MigrationNotAllowed` if the worker's configuration lists pairs, and this one is not among them. */
export function assertAllowed({ migrations }: CallerRules, { source, target }: MigrationPair): void {
  if (!migrations || migrations.some((its) => its.source === source && its.target === target)) return;
  const known = migrations.map((its) => `${its.source} to ${its.target}`).join(', ');
  throw refused(
    'MigrationNotAllowed',
    `the worker's configuration allows no migration from ${source} to ${target}, it allows ${known}`,
  );
}

/**
 * The workflow that scheduled this attempt.
 *
 * Whoever may write to the namespace can have any activity executed, with any argument. So one that changes a node asks
 * Temporal first who scheduled it: only a migration that runs may, of the nodes that it was planned for.
 */
class Caller {
  private readonly info: Info;
  private planned: Promise<PlannedMemo> | undefined;

  constructor(
    private readonly context: Context,
    private readonly rules: CallerRules,
  ) {
    this.info = context.info;
  }

  /** Fails with `CallerNotAllowed` where the attempt itself says that no migration scheduled it. */
  assertWorkflow(): { workflowId: string; runId: string } {
    const { workflowExecution, workflowType = '' } = this.info;
    if (!workflowExecution) throw this.notAllowed('by no workflow: it is a standalone activity');
    if (workflowType !== this.expectedType)
      throw this.notAllowed(`by a workflow of type ${workflowType}`);
    return workflowExecution;
  }

  /**
   * Returns once Temporal has said that a running migration scheduled this attempt, and that what it was given is
   * what that migration was planned for. Fails with `CallerNotAllowed`, `NotPlanned` or `MigrationNotAllowed`, and as
   * {@link assertApproved} does where the gate before it was not opened as the configuration asks.
   */
  async proveMigration(): Promise<PlannedMemo> {
    return (this.planned ??= this.readPlanned());
  }

  /** The same before a change of `node`; a workflow that parks a node has to have claimed it. */
  async prove(node: NodeRef): Promise<void> {
    if (this.info.activityType === PARKING) return this.proveClaim(node);
    const { source, target, issuers } = await this.proveMigration();
    if ([source, target].some((its) => isSame(its, node))) return;
    if (this.isIssuing && issuers.includes(node.uid)) return;
    throw notPlanned('node', `${node.name} (${node.uid})`, `${source.uid} or ${target.uid}`);
  }

  private async readPlanned(): Promise<PlannedMemo> {
    const { workflowId, memo } = await this.readExecution();
    const planned = memo[PLANNED_MEMO] as PlannedMemo | undefined;
    if (!planned) throw this.notAllowed(`by ${workflowId}, which has no plan yet`);
    const { source, target } = planned;
    if (workflowId !== migrationId(source.uid))
      throw this.notAllowed(`by ${workflowId}, which is planned for another source, ${source.uid}`);
    if (source.uid === target.uid)
      throw this.notAllowed(`by ${workflowId}, whose source and target are one participant`);
    assertAllowed(this.rules, { source: source.name, target: target.name });
    const { input, grounds } = asked.get(this.context)!;
    assertPlanned(input, planned, this.isIssuing);
    const { activityType: activity } = this.info;
    const startedAt = new Date(planned.startedAt);
    assertApproved(this.rules.approval, grounds, {
      activity,
      migration: workflowId,
      planned,
      startedAt,
    });
    return planned;
  }

  /** The claim of a node is a child of the workflow that parks it: Temporal says whose. */
  private async proveClaim({ name, uid }: NodeRef): Promise<void> {
    const { workflowId, firstRunId } = await this.readExecution();
    const { participant: source, servedBy: target } = asked.get(this.context)!.input as ParkRequest;
    assertAllowed(this.rules, { source, target });
    if (name !== source) throw notPlanned('participant', name, source);
    const claim = await findExecution(this.context, migrationId(uid));
    const { role, holder } = (claim?.memo ?? {}) as Partial<NodeClaim>;
    const isClaim = claim?.type === CLAIM_WORKFLOW && claim.isOpen && role === 'node to park';
    const { parent } = claim ?? {};
    const isOurs = parent?.workflowId === workflowId && parent.runId === firstRunId;
    if (!isClaim || !isOurs || holder !== workflowId)
      throw this.notAllowed(`by ${workflowId}, which has not claimed ${name} (${uid}) to park it`);
  }

  private async readExecution(): Promise<Execution & { workflowId: string }> {
    const { workflowId, runId } = this.assertWorkflow();
    const found = await findExecution(this.context, workflowId, runId);
    if (!found) throw this.notAllowed(`by ${workflowId}, which Temporal does not know`);
    if (found.type !== this.expectedType) throw this.notAllowed(`by a workflow of type ${found.type}`);
    if (!found.isOpen) throw this.notAllowed(`by ${workflowId}, which has ended`);
    if (found.taskQueue !== this.info.taskQueue)
      throw this.notAllowed(`by a workflow of the task queue ${found.taskQueue}`);
    return { ...found, workflowId };
  }

  private get expectedType(): string {
    return this.info.activityType === PARKING ? PARK_WORKFLOW : MIGRATE_WORKFLOW;
  }

  private get isIssuing(): boolean {
    return ISSUING.includes(this.info.activityType);
  }

  private notAllowed(found: string) {
    return refused(
      'CallerNotAllowed',
      `${this.info.activityType} was scheduled ${found}, expected a running workflow of type ${this.expectedType} of this task queue`,
    );
  }
}

/** What of an activity's argument says on what it acts. */
interface Scope {
  source?: NodeRef;
  target?: NodeRef;
  participant?: NodeRef;
  planHash?: string;
  workflowIdPrefix?: string;
}

/** Each node in its own role: with the source in the place of the target, what is only there would be taken for made. */
function assertPlanned(input: unknown, planned: PlannedMemo, isIssuing: boolean): void {
  const { source, target, participant, planHash, workflowIdPrefix } = (input ?? {}) as Scope;
  const expected = { source: [planned.source.uid], target: [planned.target.uid] };
  if (isIssuing) expected.source.push(...planned.issuers);
  const both = [...expected.source, ...expected.target];
  const given = [
    ['source', source, expected.source],
    ['target', target, expected.target],
    ['participant', participant, both],
  ] as const;
  for (const [field, node, uids] of given)
    if (node && !uids.includes(node.uid)) throw notPlanned(field, node.uid, uids.join(' or '));
  if (planHash !== undefined && planHash !== planned.planHash)
    throw notPlanned('planHash', planHash, planned.planHash);
  const prefix = importPrefix(planned.planHash);
  if (workflowIdPrefix !== undefined && workflowIdPrefix !== prefix)
    throw notPlanned('workflowIdPrefix', workflowIdPrefix, prefix);
}

function isSame(a: NodeRef, b: NodeRef): boolean {
  return a.uid === b.uid && a.name === b.name;
}

function notPlanned(what: string, found: string, expected: string) {
  return refused(
    'NotPlanned',
    `${what}: found ${found}, expected ${expected}, as the migration was planned`,
  );
}
