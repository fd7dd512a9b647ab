import type { RunReport } from '../../model/report.js';
import {
  newTimeline,
  noteContracts,
  noteEvent,
  noteState,
  noteStep,
  type Timeline,
} from '../../model/timeline.js';
import { PHASES } from '../../model/phase.js';
import { REPORT } from '../client/samples.js';

const BEGIN = Date.parse('2026-01-02T03:00:00Z');
const at = (minutes: number) => BEGIN + minutes * 60_000;

/** Of a migration of 40 minutes at work and some hours at gates. */
function timelineOf(): Timeline {
  const timeline = newTimeline();
  const note = (
    minutes: number,
    stage: (typeof timeline.spans)[number]['stage'],
    state: (typeof timeline.spans)[number]['state'] = 'running',
  ) => noteState(timeline, { stage, state }, at(minutes));
  note(0, 'plan');
  note(1, 'delegate-namespace', 'waiting-for-approval');
  note(22, 'delegate-namespace');
  note(24, 'recreate-parties');
  note(29, 'migrate-dars');
  note(32, 'migrate-dars', 'stopped');
  note(41, 'migrate-dars');
  note(43, 'migrate-local-state');
  note(46, 'transfer-active-contracts', 'waiting-for-approval');
  note(120, 'transfer-active-contracts');
  note(131, 'verify');
  note(134, 'cut-over', 'waiting-for-approval');
  note(138, 'cut-over');
  note(140, 'verify');
  note(142, 'watch', 'watching');
  noteStep(timeline, 'copy-contracts', 'begun', at(121));
  for (let step = 0; step <= 40; step++)
    noteContracts(timeline, Math.round(1_250_000 * (step / 40) ** 1.15), at(121 + step * 0.23));
  noteEvent(
    timeline,
    'failed',
    'DarRefused: new: the DAR lab-iou 1.0.0 needs a package that is not vetted',
    at(32),
  );
  noteEvent(timeline, 'resumed', 'ada@ops', at(41));
  return timeline;
}

/** A report with everything in it that a page shows. */
export const FULL: RunReport = {
  ...REPORT,
  names: { source: 'old', target: 'new' },
  timeline: timelineOf(),
  begunAt: new Date(BEGIN).toISOString(),
  downtime: { kind: 'out-of-service', from: at(120), until: at(140), endedBy: 'target' },
  phases: PHASES.map((phase, index) => ({
    phase,
    changed: [
      ['namespace delegated to 1220' + 'ab'.repeat(32)],
      ['118 parties hosted by the target', '2 more with signatures of others'],
      ['4 DARs uploaded: lab-iou 1.0.0, lab-asset 2.1.0 and 2 more'],
      ['12 users, 3 identity providers'],
      ['1,250,000 contracts imported'],
      [
        'old parked: disconnected, manual connect on every alias',
        'new connected to da, pings itself in 42 ms',
      ],
      [],
    ][index]!,
    workedMs: [120_000, 300_000, 300_000, 180_000, 660_000, 120_000, 300_000][index]!,
    waitedMs: [1_260_000, 0, 540_000, 0, 4_440_000, 240_000, 0][index]!,
  })),
  parties: {
    moving: 118,
    staying: 3,
    counts: [
      { class: 'local', treatment: 'move', reason: '', count: 100 },
      { class: 'external', treatment: 'move', reason: '', count: 18 },
      {
        class: 'external',
        treatment: 'leave',
        reason: 'its key does not sign for another host',
        count: 3,
      },
    ],
    exceptions: {
      count: 3,
      first: [
        {
          party: 'wallet-7::1220' + 'cd'.repeat(32),
          class: 'external',
          what: 'stays: its key does not sign for another host',
        },
      ],
    },
  },
  approvers: 'signed',
  approvals: [
    {
      gate: 'root-key',
      approver: 'Ada Lovelace',
      approvedAt: new Date(at(22)).toISOString(),
      signed: { at: '2026-01-02T03:21:00Z', signature: 'AAAA', fingerprint: 'SHA256:' + 'a'.repeat(43) },
    },
    {
      gate: 'interrupt-service',
      approver: 'Grace Hopper',
      approvedAt: new Date(at(120)).toISOString(),
      signed: { at: '2026-01-02T04:59:00Z', signature: 'AAAA', fingerprint: 'SHA256:' + 'b'.repeat(43) },
    },
    {
      gate: 'cut-over',
      approver: 'Ada Lovelace',
      approvedAt: new Date(at(138)).toISOString(),
      signed: { at: '2026-01-02T05:17:00Z', signature: 'AAAA', fingerprint: 'SHA256:' + 'a'.repeat(43) },
    },
  ],
  verification: {
    ...REPORT.verification,
    contractCount: 1_250_000,
    parties: ['alice', 'bank', 'carol', 'registry'].map((name, index) => ({
      party: `${name}::1220${'ef'.repeat(32)}`,
      source: { contractCount: 400_000 - 90_000 * index, digest: 'c0ffee'.repeat(10) + 'abcd' },
      target: { contractCount: 400_000 - 90_000 * index, digest: 'c0ffee'.repeat(10) + 'abcd' },
      isEqual: true,
    })),
  },
};
