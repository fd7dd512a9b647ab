import { count, counted, firstLines, firstOf } from './count.js';
import {
  describeActivation,
  describeAwaited,
  sinceOf,
  type LiveStatus,
  type SwitchReading,
} from './live.js';
import { comparedWhen, type ReportedFailure } from './report.js';
import { code, markdown } from './shown-text.js';
import { describeWatch } from './source-watch.js';
import { describeDropped, type MigrationStatus, type WarmCopyStatus } from './steering.js';
import { stepLines } from './steps.js';

const BAR_CELLS = 20;
/** A card is for a glance; the status names more of each. */
const DIFFERENCES_SHOWN = 5;
const NAMES_SHOWN = 3;

/** What has to be seen before anything else. `status` has its texts as Markdown, `found` as they are. */
export function dangersOf(status: MigrationStatus, found: MigrationStatus): string[] {
  const { lastFailure, firstFailure, live, watch, verification, state } = status;
  const isFailed = lastFailure && (state === 'stopped' || state === 'watching');
  const disagreeing = found.live?.switching?.disagreeing ?? [];
  return [
    ...(isFailed ? [failed(lastFailure)] : []),
    ...(live?.isWindowOpen && state !== 'aborted'
      ? ['Do not connect the target: it is a host without proof that it has every contract.']
      : []),
    ...(live?.leftIsolated === undefined
      ? []
      : [`The target was left disconnected: ${live.leftIsolated}`]),
    ...(watch?.state === 'alarm' ? [`Alarm: ${describeWatch(watch)}`] : []),
    ...(verification?.state === 'not-verified' ? [unequal(verification)] : []),
    ...(disagreeing.length > 0 ? [`Commitments disagree with ${listedCode(disagreeing)}`] : []),
    ...(status.isPastPointOfNoReturn && isUnderWay(state)
      ? ['Past the point of no return: an abort is refused']
      : []),
    ...(firstFailure ? [`Aborted after ${failed(firstFailure)}`] : []),
    ...(status.droppedSignals === undefined ? [] : [describeDropped(status.droppedSignals)]),
  ];
}

function isUnderWay(state: MigrationStatus['state']): boolean {
  return state === 'running' || state === 'paused' || state === 'stopped';
}

function failed({ type, kind, message }: ReportedFailure): string {
  return `${type} (${kind}): ${message}`;
}

type Verified = NonNullable<MigrationStatus['verification']>;

function unequal({ totals, verifiedAt }: Verified): string {
  const { missing, extra, different } = totals;
  return `Not verified at ${verifiedAt}: ${counted(missing, 'contract')} missing, ${count(extra)} extra, ${count(different)} different`;
}

/** How far it is, each thing a paragraph or a list. */
export function progressOf(status: MigrationStatus, found: MigrationStatus): string[] {
  const { contracts, warmCopy, live, verification } = status;
  return [
    ...stepLines(status),
    ...(contracts ? [copied(contracts, status.state === 'running')] : []),
    ...(warmCopy ? caughtUp(warmCopy) : []),
    ...(status.awaited ? [`- ${describeAwaited(status.awaited)}`] : []),
    ...(live ? [liveLines(live, found.live?.switching)] : []),
    ...(verification ? [verified(verification, found.verification?.differences ?? [])] : []),
  ];
}

/** How the live route stands. */
function liveLines(live: LiveStatus, switching: SwitchReading | undefined): string {
  const { awaited, activation } = live;
  return [
    ...(awaited ? [`- ${describeAwaited(awaited)}`] : []),
    ...(activation ? [`- ${describeActivation(activation)}`] : []),
    ...(live.matched === undefined ? [] : [`- ${live.matched}`]),
    ...(live.compared
      ? [
          `- Contracts equal while both served, at ${live.compared.recordTime}: ${count(live.compared.contractCount)}${noted(live.compared)}`,
        ]
      : []),
    ...(switching ? [switchLine(switching)] : []),
  ].join('\n');
}

function switchLine(reading: SwitchReading): string {
  const { readAt, targetLagMs, flagsSet, inFlight, submittedOnSource, unmatched } = reading;
  return [
    `- At ${markdown(readAt)} the target pings itself in ${targetLagMs} ms; onboarding flags set: ${flagsSet}`,
    `in flight on the source: submissions ${inFlight.submissions}, transactions ${inFlight.transactions}`,
    `ledger transactions submitted through it since ${markdown(sinceOf(reading))}: ${submittedOnSource}`,
    ...(unmatched.length > 0
      ? [`not in the plan, and without matching commitments so far: ${listedCode(unmatched)}`]
      : []),
  ].join('; ');
}

function copied(its: NonNullable<MigrationStatus['contracts']>, isRunning: boolean): string {
  const { done, total, perSecond, etaSeconds } = its;
  const isMoving = isRunning && perSecond > 0 && done < total;
  const pace = isMoving ? `, ${count(perSecond)}/s, ${count(etaSeconds)} s left` : '';
  return `\`${bar(done, total)}\` ${count(done)} of ${counted(total, 'contract')} imported${pace}${noted(its)}`;
}

/** Why a number is not that of the plan, if it is not. */
function noted({ sincePlan }: { sincePlan?: string }): string {
  return sincePlan === undefined ? '' : ` (${sincePlan})`;
}

function caughtUp({ catchUps, freezeSeconds }: WarmCopyStatus): string[] {
  const lines = catchUps.map(
    ({ offset, created, archived, seconds }) =>
      `- Caught up to offset ${offset}: ${counted(created, 'contract')} imported, ${count(archived)} purged, in ${Math.round(seconds)} s`,
  );
  return [
    lines.join('\n'),
    ...(freezeSeconds === undefined
      ? []
      : [`If frozen now, the source would be out of service for about ${freezeSeconds} s`]),
  ];
}

function verified(its: Verified, differences: Verified['differences']): string {
  switch (its.state) {
    case 'verified':
      return `Verified ${comparedWhen(its)}: ${counted(its.contractCount, 'contract')} equal${noted(its)}`;
    case 'stale':
      return `**Stale**: equal at ${its.verifiedAt}, the target has changed since and will be compared again`;
    case 'not-verified':
      return differing(differences, its.differenceCount).join('\n');
  }
}

function differing(differences: Verified['differences'], differenceCount: number): string[] {
  const named = differences
    .slice(0, DIFFERENCES_SHOWN)
    .map(
      ({ kind, contractId, parties }) => `${kind}: \`${code(contractId)}\` of ${listedCode(parties)}`,
    );
  return firstLines(named, differenceCount, '- ');
}

function listedCode(names: string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => `\`${code(name)}\``);
  return firstOf(shown, names.length);
}

function bar(done: number, total: number): string {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 1;
  const filled = Math.round(share * BAR_CELLS);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} ${Math.round(share * 100)} %`;
}

/** What the comparisons proved of which node; of a status whose texts may be shown as they are. */
export function proofOf({ verification, live }: MigrationStatus): string[] {
  const compared = live?.compared;
  return [
    ...(verification
      ? [
          `${verification.state}: ${count(verification.contractCount)} contracts compared ${comparedWhen(verification)}`,
          ...(verification.elsewhere ?? []).map(
            (its) => `not compared: ${count(its.contractCount)} contracts on ${its.synchronizerId}`,
          ),
        ]
      : []),
    ...(compared
      ? [
          `equal while both served: ${count(compared.contractCount)} contracts at ${compared.recordTime}, source at offset ${compared.sourceOffset}, target at ${compared.targetOffset}`,
        ]
      : []),
    ...(live?.commitments ?? [])
      .slice(0, NAMES_SHOWN)
      .map(
        (its) =>
          `commitments ${its.state} with ${its.counterParticipantUid}, ${its.fromExclusive} to ${its.toInclusive}`,
      ),
  ];
}
