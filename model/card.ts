import {
  describeHostings,
  describeSigners,
  EXPORT_COMMAND,
  IMPORT_COMMAND,
  missingSignatures,
  moreToSign,
  type SignatureToProvide,
} from './ceremony.js';
import { dangersOf, progressOf, proofOf } from './card-progress.js';
import { aboutMigration, fenced, folded, withCommands } from './card-text.js';
import { counted, firstOf } from './count.js';
import { timeOf } from './duration.js';
import { abortNote } from './ended.js';
import { CLIENT_RULES } from './live.js';
import { partyLines } from './parties-status.js';
import { GATES } from './phase.js';
import type { WithdrawalReport } from './report.js';
import { code, eachText, html, markdown } from './shown-text.js';
import { describeAlias, describeWatch } from './source-watch.js';
import type { MigrationStatus } from './steering.js';

/** Characters that every font has. */
const MARKS = { waiting: '○', running: '●', done: '✔', withdrawn: '↩' } as const;
/** Of what a phase changed; the report has the rest. */
const CHANGES_SHOWN = 3;

/**
 * A migration as Markdown for the Temporal UI, in the order in which somebody reads who was just called: state and gate,
 * dangers, progress, what to do next, what is approved with it, the phases, and folded what is looked up.
 *
 * Words and a bar, since the tables of the UI run numbers together. Commands are in blocks of their own.
 */
export function cardOf(found: MigrationStatus): string {
  const status = eachText(found, markdown);
  const parts = [
    `## ${titleOf(status)}`,
    ...dangersOf(status, found).map((danger) => `> **⚠ ${danger}**`),
    ...(isSaidElsewhere(found) ? [] : [status.summary]),
    ...(status.state === 'aborted' ? [] : progressOf(status, found)),
    nextOf(found),
    ...signing(found),
    ...(status.gate ? gateOf(status, status.gate) : []),
    ...(status.watch ? watching(status) : []),
    // Of what another run does, that run knows the phases.
    ...(status.state === 'delegated' ? [] : [checklist(status)]),
    abortNote(status),
    ...foldedParts(found),
  ].filter((part) => part !== '');
  // The UI takes a last block of HTML for text if no line ends behind it, and quotes and hyphens in it for typography.
  return `${parts.join('\n\n')}\n`;
}

function titleOf(status: MigrationStatus): string {
  const { state, stage, gate } = status;
  if (state === 'delegated') return 'delegated to another run';
  const missing = missingSignatures(status);
  if (gate && missing > 0) return `Gate ${gate.name}: ${counted(missing, 'signature')} missing`;
  if (state === 'aborted' || state === 'migrated') return state;
  return gate ? `${state}: gate ${gate.name}` : `${state}: ${stage}`;
}

function nextOf({ next, workflowId }: MigrationStatus): string {
  const text = withCommands(next, workflowId);
  return `**Next:**${text.startsWith('`') ? '\n\n' : ' '}${text}`;
}

/** The statement of the gate, and why it stopped, have places of their own. */
function isSaidElsewhere({ gate, summary, state, lastFailure }: MigrationStatus): boolean {
  if (state === 'stopped' && lastFailure) return summary.includes(lastFailure.message);
  return gate !== undefined && summary.includes(GATES[gate.name].statement);
}

/** What an approval confirms and approves, and how it is given in this UI. */
function gateOf(status: MigrationStatus, gate: NonNullable<MigrationStatus['gate']>): string[] {
  return [
    `**By approving \`${gate.name}\` you confirm that** ${gate.statement}`,
    ...listOf('**What you approve**', gate.approves),
    ...(gate.name === 'switch' ? listOf('**What clients have to do**', CLIENT_RULES) : []),
    ...(gate.signedBy
      ? [
          `The approval must be signed by one of ${gate.signedBy.join(', ')}, with the CLI as shown above.`,
        ]
      : [
          `Or in this UI: More Actions, Send an Update, \`approve\`, with your name${gate.name === 'target-backup' ? ' and that of the backup' : ''} in it:`,
          fenced(approvalOf(gate.name, status.planHash ?? '')),
        ]),
  ];
}

/** The name is left empty: what is pasted as it is approves nothing. */
function approvalOf(gate: string, planHash: string): string {
  const evidence = gate === 'target-backup' ? ', "evidence": ""' : '';
  return `{"gate": "${gate}", "planHash": "${planHash}", "approver": ""${evidence}}`;
}

function listOf(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}\n\n${lines.map((line) => `- ${line}`).join('\n')}`];
}

/** What has to be signed outside of the nodes before the gate opens. */
function signing(found: MigrationStatus): string[] {
  const { hostings, workflowId } = found;
  const commands = [EXPORT_COMMAND, IMPORT_COMMAND].map((its) =>
    fenced(aboutMigration(its, workflowId)),
  );
  return [
    ...(found.signatures ?? []).filter(isAsked).flatMap(signatureParts),
    ...moreToSign(found),
    ...(hostings
      ? [
          ...listOf(
            `**Signatures for the parties**: ${describeHostings(hostings)}`,
            describeSigners(hostings).map(markdown),
          ),
          ...(hostings.given < hostings.requests ? commands : []),
        ]
      : []),
  ];
}

/** An optional signature that nobody has given is folded to the end. */
function isAsked({ isRequired, providedBy }: SignatureToProvide): boolean {
  return isRequired || providedBy !== undefined;
}

/** What the offline root key is asked to sign, with the argument of the update that hands the signature in. */
function signatureParts(signature: SignatureToProvide): string[] {
  const { signedBy, algorithm, hash } = eachText(signature, code);
  const { purpose, providedBy } = eachText(signature, markdown);
  if (providedBy !== undefined) return [`Signed: ${purpose}, submitted by ${providedBy}`];
  return [
    `**To sign**: ${purpose}, by key \`${signedBy}\`, ${algorithm}, hash \`${hash}\``,
    fenced(signature.command),
    'Then the update `provideSignature`, with the signature in base64 and your name in it:',
    fenced(handInOf(signature)),
  ];
}

function handInOf({ hash, signedBy, algorithm }: SignatureToProvide): string {
  return `{"hash": "${hash}", "signedBy": "${signedBy}", "algorithm": "${algorithm}", "signature": "", "by": ""}`;
}

function watching({ watch, state }: MigrationStatus): string[] {
  if (!watch) return [];
  return [
    ...listOf(`**Source watch**: ${describeWatch(watch)}`, watch.aliases.map(describeAlias)),
    ...(state === 'watching'
      ? [
          'In this UI: More Actions, Send an Update, `close` or `park`, with your name in it:',
          fenced('{"by": ""}'),
        ]
      : []),
  ];
}

function checklist({ phases }: MigrationStatus): string {
  return phases
    .map(({ phase, state, changed, ...times }) => {
      const took = state === 'done' ? ` (${timeOf(times)})` : '';
      const what = firstOf(changed.slice(0, CHANGES_SHOWN), changed.length);
      return `- ${MARKS[state]} ${phase}${took}${changed.length > 0 ? `: ${what}` : ''}`;
    })
    .join('\n');
}

/** What is looked up and not read at a glance. */
function foldedParts(found: MigrationStatus): string[] {
  const status = eachText(found, html);
  const { parties, withdrawal } = status;
  const optional = (found.signatures ?? []).filter((its) => !isAsked(its));
  return [
    folded('Proof', proofOf(status)),
    folded('What was taken back, and what stays', withdrawal ? withdrawn(withdrawal) : []),
    folded('Parties', parties ? partyLines(parties) : []),
    ...optional.map((signature) => {
      const { purpose, signedBy, algorithm, hash } = eachText(signature, html);
      return folded(`Optional signature: ${purpose}`, [
        `Nothing waits for it. By key ${signedBy}, ${algorithm}, hash ${hash}`,
        { command: signature.command },
        'Then the update provideSignature, with the signature in base64 and your name in it:',
        { command: handInOf(signature) },
      ]);
    }),
  ];
}

function withdrawn({ withdrawn: back, stays, checked }: WithdrawalReport): string[] {
  return [
    ...back.map((what) => `Withdrawn: ${what}`),
    ...stays.map(({ what, why }) => `Stays: ${what}. ${why}`),
    ...checked.map((what) => `Checked: ${what}`),
  ];
}
