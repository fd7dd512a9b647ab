import { describeApprover } from '../../model/approvals.js';
import { count, counted } from '../../model/count.js';
import { countOf } from '../../model/listed.js';
import {
  isLive,
  isReverse,
  routeInWords,
  type Finding,
  type HashedPlan,
  type MigrationPlan,
  type PlannedNode,
} from '../../model/plan.js';
import { movingCount } from '../../model/plan-parties.js';
import { duration } from '../../model/duration.js';
import { shown } from '../../model/shown-text.js';
import { costOf } from '../../model/traffic.js';
import { secondsToSwitch } from '../../model/transfer-cost.js';
import { renderParties } from './parties.js';
import { renderRoute } from './route.js';
import { indent, roughly, shortId, type Style } from './style.js';
import { table } from './table.js';

const DIRECTIONS: Record<MigrationPlan['direction'], string> = {
  'to-kms': 'to keys in a KMS',
  'from-kms': 'from keys in a KMS to keys on disk',
  'same-key-storage': 'keys stay where they are kept',
};

/** An import of fewer takes less than a minute. */
const MANY_CONTRACTS = 100_000;

/** Of the target's configuration, below `canton.participants.<name>`. Source: networks H. */
const TARGET_KNOBS = ['parameters.batching.parallelism', 'storage.parameters.max-connections'];

/** What a migration will do, for an operator to read before approving it. */
export function renderPlan(found: HashedPlan, style: Style): string {
  const { plan, hash } = shown(found);
  return [
    style.bold(
      `Plan: migrate ${plan.source.name} to ${plan.target.name}, ${DIRECTIONS[plan.direction]}`,
    ),
    nodes(plan, style),
    ...renderRoute(plan, style),
    renderParties(plan, style),
    dars(plan, style),
    [contracts(plan), ...imports(plan)].join('\n'),
    ...localState(plan, style),
    freeze(plan),
    ...traffic(plan, style),
    ...signatures(plan, style),
    ...approvers(plan),
    ...findings(style.notice('Warnings'), plan.warnings, style),
    ...findings(style.bad('Obstacles'), plan.obstacles, style),
    `Plan hash ${hash}`,
  ].join('\n\n');
}

/** The plan in a few lines, for a question on the terminal. */
export function renderPlanSummary(found: HashedPlan): string {
  const { plan, hash } = shown(found);
  return [
    `${plan.source.name} (${shortId(plan.source.uid)}) to ${plan.target.name} (${shortId(plan.target.uid)})`,
    `${counted(movingCount(plan), 'party', 'parties')}, ${counted(plan.contracts.total, 'contract')}`,
    `by the ${routeInWords(plan)}`,
    `plan ${hash}`,
  ].join('\n');
}

function nodes({ source, target }: MigrationPlan, style: Style): string {
  const row = (role: string, node: PlannedNode) => [
    role,
    node.name,
    shortId(node.uid),
    node.version,
    node.isKmsBacked ? 'KMS' : 'disk',
    node.synchronizer.alias,
  ];
  const head = ['', 'name', 'uid', 'Canton', 'keys', 'synchronizer'];
  return table(style, head, [row('source', source), row('target', target)]);
}

const DAR_ACTIONS = {
  upload: 'upload',
  present: 'on the target already',
  'built-in': 'part of Canton',
  left: 'left behind',
};

function dars({ dars: all, vetting }: MigrationPlan, style: Style): string {
  const named = all.filter(({ action }) => action !== 'built-in');
  const rows = named.map((dar) => [dar.name, dar.version, DAR_ACTIONS[dar.action]]);
  const uploads = named.filter(({ action }) => action === 'upload').length;
  const title =
    `${counted(uploads, 'DAR')} to upload, ${counted(vetting.add.length, 'package')} to vet` +
    (vetting.leave.length > 0
      ? `, ${counted(vetting.leave.length, 'package')} left unvetted as on the source`
      : '');
  return rows.length === 0
    ? style.bold(title)
    : `${style.bold(title)}\n${table(style, ['DAR', 'version', ''], rows)}`;
}

function contracts(plan: MigrationPlan): string {
  const { target } = plan;
  const { total, shared, sharedWith, treatment } = plan.contracts;
  const changes = isReverse(plan) ? plan.changes : undefined;
  const live = isLive(plan) ? plan.live : undefined;
  const first = changes
    ? `${counted(total, 'active contract')}, of which ${target.name} has ${count(changes.common)}: ${count(changes.missing)} to import, ${count(changes.extra)} to purge there` +
      (changes.kept > 0 ? `, ${count(changes.kept)} of others stay there` : '')
    : `${counted(total, 'active contract')} to move` +
      (live && live.staleOnTarget > 0
        ? `; ${target.name} has ${count(live.staleOnTarget)} of an earlier attempt, to be kept or purged as a comparison says`
        : '');
  if (shared === 0) return first;
  const fate = { include: 'they move', exclude: 'they stay behind', undecided: 'undecided' }[treatment];
  const others = counted(
    countOf(sharedWith),
    'stakeholder that does not move',
    'stakeholders that do not move',
  );
  const there = live ? countOf(live.alreadyHosted) : 0;
  const except =
    there > 0 ? `; ${target.name} hosts ${count(there)} of these and has the contracts already` : '';
  return `${first}\n  ${counted(shared, 'contract')} shared with ${others}: ${fate}${except}`;
}

/** How the target takes the contracts, and with many of them what of its own configuration makes that faster. */
function imports({ imports: its, contracts: { total } }: MigrationPlan): string[] {
  if (!its || total === 0) return [];
  const mode =
    its.mode === 'accept'
      ? 'imported in mode ACCEPT, as the source has them: the comparison proves each before the cut-over'
      : `imported in mode VALIDATION, because ${its.reasons.join('; ')}`;
  const knobs = `on a target with more than 2 cores ${TARGET_KNOBS.join(' and ')} may make it faster: docs/phases/transfer-active-contracts.md`;
  return [indent(mode), ...(total >= MANY_CONTRACTS ? [indent(knobs)] : [])];
}

/** Users by what becomes of them; thousands of names would help nobody. What is left out is named. */
function localState({ localState: its }: MigrationPlan, style: Style): string[] {
  const { users, identityProviders, partyAnnotations, pruningSchedule, excluded } = its;
  const number = (action: string) => users.filter((user) => user.action === action).length;
  const fates = [
    `${number('create')} to create`,
    ...(number('extend') > 0 ? [`${number('extend')} to extend`] : []),
    ...(number('present') > 0 ? [`${number('present')} on the target already`] : []),
    ...(number('conflict') > 0 ? [`${number('conflict')} in conflict`] : []),
  ];
  const lines = [
    `${counted(identityProviders.length, 'identity provider')}, annotations of ` +
      counted(partyAnnotations.length, 'party', 'parties'),
    ...(its.resourceLimits.action === 'create' ? ['resource limits of the source'] : []),
    ...(pruningSchedule ? [`pruning of the source suspended (${pruningSchedule.schedule.cron})`] : []),
    ...(pruningSchedule?.action === 'create' ? ['its schedule on the target, after the cut-over'] : []),
    ...excluded.map(({ what, why }) => `not copied: ${shortId(what)} (${why})`),
  ];
  const title = `${counted(users.length, 'user')}: ${fates.join(', ')}`;
  return [`${style.bold(title)}\n${indent(lines.join('\n'))}`];
}

/** How long the source will be out of service, either way, the one that the request asks for first. */
function freeze(plan: MigrationPlan): string {
  const { request, freezeSeconds, source, target } = plan;
  const cold = `about ${roughly(freezeSeconds.cold)}`;
  const warm = `about ${roughly(freezeSeconds.warm)}`;
  const basis = 'estimated from a real participant with 2 cores; measure your own';
  if (isLive(plan)) {
    return [
      `Out of service: never, ${source.name} serves until ${target.name} does`,
      `  about ${roughly(secondsToSwitch(plan))} to the gate switch, without the time at other gates`,
      `  ${basis}`,
    ].join('\n');
  }
  if (request.options?.copy === 'changes') return `Out of service: ${warm}\n  ${basis}`;
  const isWarm = request.options?.copy === 'warm';
  const chosen = isWarm
    ? `${warm} (warm copy), ${cold} with --copy cold`
    : `${cold} (cold copy), ${warm} with --copy warm`;
  const either = `${cold}, with a cold or a warm copy`;
  return `Out of service: ${cold === warm ? either : chosen}\n  ${basis}`;
}

/** What the migration costs where traffic is controlled, and what there is at most at once. */
function traffic(plan: MigrationPlan, style: Style): string[] {
  const sides = (['source', 'target'] as const).flatMap((side) => {
    const its = plan.traffic?.[side];
    return its ? [{ name: plan[side].name, its }] : [];
  });
  if (sides.length === 0) return [];
  const rows = sides.flatMap(({ name, its: { costs } }) =>
    costs.map(({ what, bytes }) => [name, what, count(bytes)]),
  );
  const balances = sides.map(({ name, its }) => {
    const { maxBaseAmount, accumulationMs } = its.control;
    const purchased = its.purchased > 0 ? `, and about ${count(its.purchased)} purchased` : '';
    return `${name} needs about ${count(costOf(its))} bytes; it has ${count(maxBaseAmount)} per ${duration(accumulationMs)}${purchased}`;
  });
  const head = ['traffic of', 'for', 'bytes, about'];
  return [[style.bold('Traffic'), table(style, head, rows), indent(balances.join('\n'))].join('\n')];
}

/** Who has to sign what: everything that is needed, before anything starts. */
function signatures({ signatures: all, approval }: MigrationPlan, style: Style): string[] {
  if (all.length === 0) return [];
  const rows = all.map(({ what, count: many, key, holder }) => [
    shortId(what),
    many,
    shortId(key),
    holder === 'offline' ? style.notice('offline, at the gate root-key') : holder,
  ]);
  const rules = [
    ...(approval.rootKeyProof === 'required' ? ['a proof that the root key is at hand'] : []),
  ];
  const asked = rules.length > 0 ? [`The gate root-key asks for ${rules.join(' and ')}`] : [];
  return [
    [
      style.bold('Signatures for the namespaces of the parties'),
      table(style, ['what', 'count', 'key', 'signed by'], rows),
      ...asked,
    ].join('\n'),
  ];
}

/** Who opens the gates, if the worker's configuration says so. */
function approvers({ approval }: MigrationPlan): string[] {
  const { approvers: known, twoPersons } = approval;
  return [
    ...(known.length > 0
      ? [`Approvals are signed by one of\n${indent(known.map(describeApprover).join('\n'))}`]
      : []),
    ...(twoPersons.length > 0 ? [`Two people approve ${twoPersons.join(', ')}`] : []),
  ];
}

function findings(title: string, list: Finding[], style: Style): string[] {
  if (list.length === 0) return [];
  const lines = list.map(({ type, what, cure }) => `${style.bold(type)}: ${what}\n  cure: ${cure}`);
  return [`${title}\n${indent(lines.join('\n'))}`];
}
