import { counted } from '../../model/count.js';
import { duration } from '../../model/duration.js';
import {
  CLIENT_RULES,
  describeActivation,
  describeAwaited,
  sinceOf,
  type SwitchReading,
} from '../../model/live.js';
import type { MigrationStatus } from '../../model/steering.js';
import type { Style } from './style.js';

/** How the live route stands; nothing on the other one. */
export function renderLive({ live, gate, state }: MigrationStatus, style: Style): string[] {
  if (!live) return [];
  const { isWindowOpen, awaited, activation, matched, compared, leftIsolated, switching } = live;
  return [
    ...(isWindowOpen && state !== 'aborted'
      ? [
          style.bad(
            'do not connect the target: it is a host that has not been proven to have every contract; the source serves',
          ),
        ]
      : []),
    ...(awaited ? [style.notice(describeAwaited(awaited))] : []),
    ...(activation ? [describeActivation(activation)] : []),
    ...(matched === undefined ? [] : [style.good(matched)]),
    ...(compared
      ? [
          style.good(
            `${counted(compared.contractCount, 'contract')} equal while both nodes served, at ${compared.recordTime}${compared.sincePlan === undefined ? '' : ` (${compared.sincePlan})`}`,
          ),
        ]
      : []),
    ...(switching ? switchLines(switching) : []),
    ...(gate?.name === 'switch'
      ? ['what clients have to do:', ...CLIENT_RULES.map((its) => `  - ${its}`)]
      : []),
    ...(leftIsolated === undefined
      ? []
      : [style.bad(`the target was left disconnected: ${leftIsolated}`)]),
  ];
}

function switchLines(reading: SwitchReading) {
  const { readAt, targetLagMs, flagsSet, inFlight, submittedOnSource, disagreeing, unmatched } = reading;
  return [
    `at ${readAt}: the target pings itself in ${duration(targetLagMs)}, ${counted(flagsSet, 'onboarding flag')} set`,
    `source: ${counted(inFlight.submissions, 'submission')} and ${counted(inFlight.transactions, 'transaction')} in flight, ${counted(submittedOnSource, 'ledger transaction')} submitted through it since ${sinceOf(reading)}`,
    ...(disagreeing.length > 0 ? [`commitments disagree with ${disagreeing.join(', ')}`] : []),
    ...(unmatched.length > 0
      ? [`not in the plan, and without matching commitments so far: ${unmatched.join(', ')}`]
      : []),
  ];
}
