import {
  describeHostings,
  describeSigners,
  EXPORT_COMMAND,
  IMPORT_COMMAND,
  missingSignatures,
  moreToSign,
  type HostingCounts,
  type SignatureToProvide,
} from './ceremony.js';
import { counted, firstLines, firstOf } from './count.js';
import { sincePlanLines } from './differences.js';
import { timeOf } from './duration.js';
import { abortNote, isOver } from './ended.js';
import { describeAlias, describeWatch, type WatchStatus } from './source-watch.js';
import {
  CLIENT_RULES,
  describeActivation,
  describeAwaited,
  sinceOf,
  type LiveStatus,
  type SwitchReading,
} from './live.js';
import { partyLines } from './parties-status.js';
import type { ReportedFailure, WithdrawalReport } from './report.js';
import { code, eachText, markdown } from './shown-text.js';
import { describeDropped, type MigrationStatus, type WarmCopyStatus } from './steering.js';
import { stepLines } from './steps.js';

const MARKS = { waiting: '⬜', running: '🔵', done: '✅', withdrawn: '↩️' } as const;
const BAR_CELLS = 20;
/** A card is for a glance; the status names more of each. */
const DIFFERENCES_SHOWN = 5;
const NAMES_SHOWN = 3;

/** A migration as Markdown for the Temporal UI: words and a bar, since its tables run numbers together. */
export function cardOf(found: MigrationStatus): string {
  const status = eachText(found, markdown);
  const { contracts, gate, lastFailure, verification, warmCopy } = status;
  return [
    `## ${titleOf(status)}`,
    status.summary,
    ...stepLines(status).flatMap((line) => ['', line]),
    '',
    `**Next:** ${status.next}`,
    ...(found.signatures ?? []).filter(isAsked).flatMap(signatureLines),
    ...moreToSign(status).flatMap((line) => ['', line]),
    ...(status.hostings ? hostingLines(status.hostings) : []),
    ...(gate
      ? [
          '',
          `**Gate \`${gate.name}\`**: ${gate.statement}`,
          '',
          ...(status.differences ? [...sincePlanLines(status.differences), ''] : []),
          ...(gate.signedBy
            ? [
                `The approval must be signed by one of ${gate.signedBy.join(', ')}, with the CLI as shown above.`,
              ]
            : [
                'In this UI: More Actions, Send an Update, `approve`, with',
                '',
                `\`${approvalOf(gate.name, status.planHash ?? '')}\``,
              ]),
        ]
      : []),
    ...(found.signatures ?? []).filter((its) => !isAsked(its)).flatMap(signatureLines),
    ...(status.watch ? ['', ...watching(status.watch, isOver(status))] : []),
    ...(lastFailure && (status.state === 'stopped' || status.state === 'watching')
      ? ['', failed(lastFailure)]
      : []),
    ...(status.droppedSignals === undefined ? [] : ['', describeDropped(status.droppedSignals)]),
    ...(status.firstFailure ? ['', `Aborted after ${failed(status.firstFailure)}`] : []),
    ...(status.withdrawal ? ['', ...withdrawn(status.withdrawal)] : []),
    ...(status.parties ? ['', ...partyLines(status.parties).map((line) => `- ${line}`)] : []),
    '',
    ...status.phases.map(
      ({ phase, state, changed, ...times }) =>
        `- ${MARKS[state]} ${phase}${state === 'done' ? ` (${timeOf(times)})` : ''}${changed.length > 0 ? `: ${changed.join('; ')}` : ''}`,
    ),
    ...(contracts ? ['', copied(contracts)] : []),
    ...(warmCopy ? ['', ...caughtUp(warmCopy)] : []),
    ...(status.awaited ? ['', `- ${describeAwaited(status.awaited)}`] : []),
    ...(status.live && found.live ? ['', ...liveLines(status, status.live, found.live.switching)] : []),
    ...(verification && found.verification
      ? ['', ...verified(verification, found.verification.differences)]
      : []),
    '',
    abortNote(status),
  ].join('\n');
}

function titleOf(status: MigrationStatus): string {
  const { state, stage, gate } = status;
  const missing = missingSignatures(status);
  return gate && missing > 0
    ? `Gate ${gate.name}: ${counted(missing, 'signature')} missing`
    : `${state}: ${stage}`;
}

/** An optional signature comes after everything that the gate waits for. */
function isAsked({ isRequired, providedBy }: SignatureToProvide): boolean {
  return isRequired || providedBy !== undefined;
}

function approvalOf(gate: string, planHash: string): string {
  const evidence = gate === 'target-backup' ? ', "evidence": "name or checksum of the backup"' : '';
  return `{"gate": "${gate}", "planHash": "${planHash}", "approver": "your name"${evidence}}`;
}

/** How the live route stands. */
function liveLines(
  { gate, state }: MigrationStatus,
  live: LiveStatus,
  switching: SwitchReading | undefined,
): string[] {
  const { compared, matched } = live;
  return [
    ...(live.awaited ? [`- ${describeAwaited(live.awaited)}`] : []),
    ...(live.isWindowOpen && state !== 'aborted'
      ? ['🚨 **Do not connect the target**: it is a host without proof that it has every contract.']
      : []),
    ...(live.activation ? [`- ${describeActivation(live.activation)}`] : []),
    ...(matched === undefined ? [] : [`- ${matched}`]),
    ...(compared
      ? [`- Contracts equal while both served, at ${compared.recordTime}: ${compared.contractCount}`]
      : []),
    ...(switching ? [switchLine(switching)] : []),
    ...(gate?.name === 'switch'
      ? ['', 'What clients have to do:', ...CLIENT_RULES.map((its) => `- ${its}`)]
      : []),
    ...(live.leftIsolated === undefined
      ? []
      : [`**The target was left disconnected**: ${live.leftIsolated}`]),
  ];
}

function switchLine(reading: SwitchReading): string {
  const { readAt, targetLagMs, flagsSet, inFlight, submittedOnSource, disagreeing, unmatched } = reading;
  return [
    `- At ${markdown(readAt)} the target pings itself in ${targetLagMs} ms; onboarding flags set: ${flagsSet}`,
    `in flight on the source: submissions ${inFlight.submissions}, transactions ${inFlight.transactions}`,
    `ledger transactions submitted through it since ${markdown(sinceOf(reading))}: ${submittedOnSource}`,
    ...(disagreeing.length > 0 ? [`🚨 commitments disagree with ${listedCode(disagreeing)}`] : []),
    ...(unmatched.length > 0
      ? [`not in the plan, and without matching commitments so far: ${listedCode(unmatched)}`]
      : []),
  ].join('; ');
}

/** What the offline root key is asked to sign, with the argument of the update that hands the signature in. */
function signatureLines(signature: SignatureToProvide): string[] {
  const { isRequired, signedBy, algorithm, hash, command } = eachText(signature, code);
  const { purpose, providedBy } = eachText(signature, markdown);
  if (providedBy !== undefined) return ['', `Signed: ${purpose}, submitted by ${providedBy}`];
  return [
    '',
    `**To sign**${isRequired ? '' : ' (optional)'}: ${purpose}, by key \`${signedBy}\`, ${algorithm}, hash \`${hash}\``,
    '',
    `\`${command}\``,
    '',
    'Then the update `provideSignature` with',
    '',
    `\`{"hash": "${hash}", "signedBy": "${signedBy}", "algorithm": "${algorithm}", "signature": "base64", "by": "your name"}\``,
  ];
}

/** What other keys sign for the parties: however many there are, they are handed in by the CLI. */
function hostingLines(counts: HostingCounts): string[] {
  return [
    '',
    `**Signatures for the parties**: ${describeHostings(counts)}`,
    ...describeSigners(counts).map((line) => `- ${line}`),
    ...(counts.given < counts.requests ? ['', `\`${EXPORT_COMMAND}\`, then \`${IMPORT_COMMAND}\``] : []),
  ];
}

function failed({ type, kind, message }: ReportedFailure): string {
  return `**${type}** (${kind}): ${message}`;
}

function withdrawn({ withdrawn: back, stays, checked }: WithdrawalReport): string[] {
  return [
    ...back.map((what) => `- Withdrawn: ${what}`),
    ...stays.map(({ what, why }) => `- Stays: ${what}. ${why}`),
    ...checked.map((what) => `- Checked: ${what}`),
  ];
}

function watching(watch: WatchStatus, isEnded: boolean): string[] {
  return [
    `${watch.state === 'alarm' ? '🚨 **Alarm**' : '**Source watch**'}: ${describeWatch(watch)}`,
    ...watch.aliases.map((its) => `- ${describeAlias(its)}`),
    ...(isEnded
      ? []
      : ['', 'In this UI: More Actions, Send an Update, `close` or `park`, with `{"by": "your name"}`']),
  ];
}

function copied({ done, total, perSecond, etaSeconds }: NonNullable<MigrationStatus['contracts']>) {
  const pace = perSecond > 0 && done < total ? `, ${perSecond}/s, ${etaSeconds} s left` : '';
  return `\`${bar(done, total)}\` ${done} of ${total} contracts${pace}`;
}

function caughtUp({ catchUps, freezeSeconds }: WarmCopyStatus): string[] {
  return [
    ...catchUps.map(
      ({ offset, created, archived, seconds }) =>
        `- Caught up to offset ${offset}: ${created} contracts imported, ${archived} purged, in ${Math.round(seconds)} s`,
    ),
    ...(freezeSeconds === undefined
      ? []
      : ['', `If frozen now, the source would be out of service for about ${freezeSeconds} s`]),
  ];
}

type Verified = NonNullable<MigrationStatus['verification']>;

function verified(its: Verified, differences: Verified['differences']): string[] {
  const { missing, extra, different } = its.totals;
  switch (its.state) {
    case 'verified':
      return [`Verified at ${its.verifiedAt}: ${its.contractCount} contracts equal`];
    case 'stale':
      return [
        `**Stale**: equal at ${its.verifiedAt}, the target has changed since and will be compared again`,
      ];
    case 'not-verified':
      return [
        `**Not verified** at ${its.verifiedAt}: ${missing} contracts missing, ${extra} extra, ${different} different`,
        '',
        ...differing(differences, its.differenceCount),
      ];
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
