import { EXPORT_COMMAND, IMPORT_COMMAND, type SignatureRequest } from './ceremony.js';
import { counted } from './count.js';
import { isHolding, type WatchStatus } from './source-watch.js';
import { leftToDo } from './left-to-do.js';
import { countOf, type Listed } from './listed.js';
import { partiesOf } from './plan-parties.js';
import type { Migration } from './migration.js';
import type { Gate } from './phase.js';
import { isLive, type HashedPlan, type MigrationPlan } from './plan.js';

/** What an operator does next, as a sentence with the CLI command if there is one. */
export function nextStepOf(migration: Migration): string {
  const { state, stage, gate, hashed, lastFailure, delegatedTo } = migration;
  if (migration.isReset)
    return `nothing: it changes nothing, and goes on in a moment as the run before it stood; if it does not: canton-migrate recover ${migration.workflowId}`;
  const canAbort = !migration.isPastPointOfNoReturn && !migration.isWithdrawing;
  const orAbort = canAbort ? ', or canton-migrate abort' : '';
  if (migration.hold !== undefined && !migration.isPaused)
    return `nothing: it goes on by itself after the upgrade of the synchronizer${orAbort}`;
  if (migration.isPaused) return `canton-migrate resume${orAbort}`;
  switch (state) {
    case 'running':
      if (stage === 'plan') return 'wait for the plan';
      if (migration.live?.awaited ?? migration.transfer.awaited)
        return `canton-migrate signatures export ${migration.workflowId} --missing --file to-sign.jsonl, get it signed, then ${IMPORT_COMMAND}; or the owners sign on their nodes${orAbort}`;
      return `nothing; to hold it: canton-migrate pause${orAbort}`;
    case 'waiting-for-approval':
      if (gate === 'root-key' && !migration.hostings && migration.signatures.some(isMissing)) {
        return `sign what is shown with the root key, then canton-migrate provide-signature${orAbort}`;
      }
      if (gate === 'root-key' && isMissingAny(migration))
        return `${EXPORT_COMMAND}, get it signed, then ${IMPORT_COMMAND}${orAbort}`;
      return `${approvingOf(gate!, hashed!)}${orAbort}`;
    case 'paused':
      return `canton-migrate resume${orAbort}`;
    case 'stopped':
      return migration.retryAt === undefined
        ? `${lastFailure?.cure ?? ''}: canton-migrate resume${orAbort}`
        : `${lastFailure?.cure ?? ''}: canton-migrate resume; it is retried automatically at ${migration.retryAt}`;
    case 'aborting':
      return migration.live
        ? 'wait until the changes on the target are undone; the source serves'
        : 'wait until the source serves again';
    case 'aborted':
      return migration.firstFailure
        ? `start again once the cause of ${migration.firstFailure.type} is removed: canton-migrate plan`
        : 'nothing; to migrate later, plan again: canton-migrate plan';
    case 'watching':
      return nextWhileWatching(hashed!.plan, migration.watch?.status, migration.live?.staying);
    case 'migrated':
      return `${leftToDo(hashed!.plan, migration.live)[0]!.what}; the report lists what else is still to do`;
    case 'failed':
      return lastFailure?.cure ?? 'canton-migrate plan';
    case 'delegated':
      return `canton-migrate status ${delegatedTo ?? ''}`;
  }
}

/** Signed approvals take two commands, between which somebody signs. Nothing is to be filled in: what is missing is asked for. */
function approvingOf(gate: Gate, { plan, hash }: HashedPlan): string {
  const approve = `canton-migrate approve ${gate}`;
  const backup = gate === 'target-backup' ? ', which asks for the name of the backup' : '';
  const [first, ...others] = plan.approval.approvers;
  if (!first) return `${approve} --plan-hash ${hash}${backup}`;
  const as = others.length > 0 ? ' (or as another approver)' : '';
  // Without the hash the command shows what is signed.
  return `${approve} --as ${quoted(first.name)} --write-text approval.txt${backup}${as}, sign that file, then ${approve} --text approval.txt --signature-file approval.txt.sig`;
}

/** One word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** By name: after a reverse migration "the source" is the node that most people call the target. */
function nextWhileWatching(
  plan: MigrationPlan,
  watch: WatchStatus | undefined,
  hosted: Listed<string> = partiesOf(plan, 'staying'),
): string {
  const { source, target } = plan;
  if (isLive(plan)) {
    const running =
      countOf(hosted) > 0
        ? `keep ${source.name} running, which serves ${counted(countOf(hosted), 'party that stays', 'parties that stay')} on it; `
        : '';
    if (!watch || isHolding(watch))
      return `${running}canton-migrate close, then do what the report lists as still to do by hand`;
    return watch.state === 'alarm'
      ? `find out who made ${source.name} a host again and stop that, then canton-migrate park`
      : `make ${target.name} reachable for the worker again, then canton-migrate close`;
  }
  if (!watch || isHolding(watch)) {
    const staying = countOf(partiesOf(plan, 'staying'));
    const first =
      staying > 0
        ? `deal with ${counted(staying, 'party that stays', 'parties that stay')} on ${source.name}, then `
        : '';
    const stopped =
      watch?.state === 'unreachable'
        ? `make sure that the process of ${source.name} is stopped`
        : `stop the process of ${source.name}`;
    return `${first}${stopped} for good, then canton-migrate close`;
  }
  return watch.state === 'alarm'
    ? `find out who connected ${source.name} and stop that, then canton-migrate park`
    : `make ${source.name} reachable for the worker again or stop its process, then canton-migrate close`;
}

function isMissingAny({ signatures, hostings }: Migration): boolean {
  return signatures.some(isMissing) || (hostings?.counts.missing ?? 0) > 0;
}

function isMissing({ isRequired, provided }: SignatureRequest): boolean {
  return isRequired && provided === undefined;
}
