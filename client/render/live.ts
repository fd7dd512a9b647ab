import { duration } from '../../model/duration.js';
import { CLIENT_RULES, sinceOf, type SwitchReading } from '../../model/live.js';
import type { MigrationStatus } from '../../model/steering.js';
import { count, counted, type Style } from './style.js';

/** How the live route stands; nothing on the other one. */
export function renderLive({ live, gate, state }: MigrationStatus, style: Style): string[] {
  if (!live) return [];
  const { isWindowOpen, groups, commitments, compared, leftIsolated, switching } = live;
  return [
    ...(isWindowOpen && state !== 'aborted'
      ? [
          style.bad(
            'do not connect the target: it is a host that has not been proven to have every contract; the source serves',
          ),
        ]
      : []),
    ...groups.map(
      ({ offset, recordTime, partyCount }) =>
        `${counted(partyCount, 'party', 'parties')} became active on the target at ${recordTime}, offset ${offset} of the source`,
    ),
    ...(commitments.length > 0
      ? [style.good(`commitments match with ${counted(commitments.length, 'participant')}`)]
      : []),
    ...(compared
      ? [
          style.good(
            `${count(compared.contractCount)} contracts equal while both nodes served, at ${compared.recordTime}`,
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
  const { readAt, targetLagMs, flagsSet, inFlight, submittedOnSource } = reading;
  return [
    `at ${readAt}: the target answers itself in ${duration(targetLagMs)}, ${count(flagsSet)} onboarding flags set`,
    `source: ${count(inFlight.submissions)} submissions and ${count(inFlight.transactions)} transactions in flight, ${count(submittedOnSource)} ledger transactions submitted through it since ${sinceOf(reading)}`,
  ];
}
