import type { MigrationStatus } from './steering.js';

const MARKS = { waiting: '⬜', running: '🔵', done: '✅', withdrawn: '↩️' } as const;
const BAR_CELLS = 20;

/** A migration as Markdown for the Temporal UI: words and a bar, since its tables run numbers together. */
export function cardOf(status: MigrationStatus): string {
  const { contracts, gate, lastFailure, verification, warmCopy } = status;
  return [
    `## ${status.state}: ${status.stage}`,
    status.summary,
    '',
    `**Next:** ${status.next}`,
    ...(gate
      ? [
          '',
          `**Gate \`${gate.name}\`**: ${gate.statement}`,
          '',
          'In this UI: More Actions, Send an Update, `approve`, with',
          '',
          `\`{"gate": "${gate.name}", "planHash": "${status.planHash ?? ''}", "approver": "your name"}\``,
        ]
      : []),
    ...(lastFailure && status.state === 'stopped'
      ? ['', `**${lastFailure.type}** (${lastFailure.kind}): ${lastFailure.message}`]
      : []),
    '',
    ...status.phases.map(
      ({ phase, state, changed }) =>
        `- ${MARKS[state]} ${phase}${changed.length > 0 ? `: ${changed.join('; ')}` : ''}`,
    ),
    ...(contracts
      ? [
          '',
          `\`${bar(contracts.done, contracts.total)}\` ${contracts.done} of ${contracts.total} contracts, ${contracts.perSecond}/s, ${contracts.etaSeconds} s left`,
        ]
      : []),
    ...(warmCopy
      ? [
          '',
          `Caught up ${warmCopy.catchUps.length} times; frozen now, the source would be out of service for about ${warmCopy.freezeSeconds} s`,
        ]
      : []),
    ...(verification ? ['', verified(verification)] : []),
    '',
    status.isPastPointOfNoReturn
      ? 'The point of no return is passed.'
      : 'Abort is possible: the source serves again, the target is left without the contracts.',
  ].join('\n');
}

function verified(its: NonNullable<MigrationStatus['verification']>): string {
  const { missing, extra, different } = its.totals;
  switch (its.state) {
    case 'verified':
      return `Verified at ${its.verifiedAt}: ${its.contractCount} contracts equal`;
    case 'stale':
      return `**Stale**: equal at ${its.verifiedAt}, the target changed since and is compared again`;
    case 'not-verified':
      return `**Not verified** at ${its.verifiedAt}: ${missing} contracts missing, ${extra} extra, ${different} different`;
  }
}

function bar(done: number, total: number): string {
  const share = total === 0 ? 1 : done / total;
  const filled = Math.round(share * BAR_CELLS);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} ${Math.round(share * 100)} %`;
}
