import { APPROVE_UPDATE } from '../model/steering.js';
import type { Gate } from '../model/phase.js';
import type { BenchStack } from './migrating.js';

/** What a migration took, read from its history. */
export interface Timeline {
  /** From the first step that takes the source out of service until the gate `cut-over` is ready to be approved. */
  freezeSeconds: number;
  copySeconds: number;
  /** Of the last comparison before that gate. */
  compareSeconds: number;
  /** Of the live route: from the activation until the gate `switch` is ready, without the waits below. */
  liveSeconds: number;
  /**
   * Until the onboarding flags were clear, and until commitments were exchanged: given by the synchronizer.
   */
  liveWaitSeconds: number;
  events: number;
  bytes: number;
}

/**
 * Seconds of the longest activities of a migration so far, by name: of all of one name together, longest
 * first.
 */
export async function longestActivities(stack: BenchStack, id: string): Promise<[string, number][]> {
  const sums = new Map<string, number>();
  for (const { name, begin, end } of await spansOf(stack, id))
    sums.set(name, (sums.get(name) ?? 0) + (end - begin) / 1000);
  return [...sums].sort(([, a], [, b]) => b - a).slice(0, LONGEST);
}

interface Span {
  name: string;
  begin: number;
  end: number;
}

const LONGEST = 8;
/** For what a synchronizer decides when it comes. */
const WAITS = ['clearOnboardingFlags', 'awaitCommitments'];

/** Reads how long the parts of a migration took, by the times of its activities and of its approvals. */
export async function readTimeline(stack: BenchStack, id: string): Promise<Timeline> {
  const spans = await spansOf(stack, id);
  const { raw } = await stack.workflows.getHandle(id).describe();
  const last = (name: string, before = Infinity) =>
    spans.filter((its) => its.name === name && its.begin < before).at(-1);
  const copy = last('copyActiveContracts');
  const ready = readyAt(spans, 'cut-over');
  return {
    freezeSeconds: secondsFrom(spans.find(({ name }) => name === 'quiesceSource')?.begin, ready),
    copySeconds: secondsOf(copy),
    compareSeconds: secondsOf(last('compareActiveContracts', ready)),
    ...liveTimes(spans, last('activateParties')?.begin),
    events: Number(raw.workflowExecutionInfo?.historyLength ?? 0),
    bytes: Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0),
  };
}

async function spansOf({ workflows }: BenchStack, id: string): Promise<Span[]> {
  const { events = [] } = await workflows.getHandle(id).fetchHistory();
  const spans = new Map<string, Span>();
  for (const event of events ?? []) {
    const at = millis(event.eventTime);
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) {
      spans.set(String(event.eventId), { name: scheduled.activityType?.name ?? '', begin: at, end: at });
    }
    const completed = event.activityTaskCompletedEventAttributes;
    const span = completed && spans.get(String(completed.scheduledEventId));
    if (span) span.end = at;
    const { name, args } =
      event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input ?? {};
    const [payload] = args?.payloads ?? [];
    if (name !== APPROVE_UPDATE || !payload?.data) continue;
    const { gate } = JSON.parse(Buffer.from(payload.data).toString()) as { gate: Gate };
    spans.set(String(event.eventId), { name: approvalOf(gate), begin: at, end: at });
  }
  return [...spans.values()];
}

/** Not the name of an activity. */
function approvalOf(gate: Gate): string {
  return `approval of ${gate}`;
}

/** When the last activity before the approval of a gate ended: whatever it was, the gate waited for it. */
function readyAt(spans: readonly Span[], gate: Gate): number {
  const approvedAt = spans.find(({ name }) => name === approvalOf(gate))?.begin ?? NaN;
  return Math.max(...spans.filter(({ end }) => end < approvedAt).map(({ end }) => end));
}

function liveTimes(spans: readonly Span[], begin?: number) {
  const ready = readyAt(spans, 'switch');
  const waits = spans.filter((its) => WAITS.includes(its.name) && its.end <= ready);
  const liveWaitSeconds = waits.reduce((sum, its) => sum + secondsOf(its), 0);
  return { liveSeconds: secondsFrom(begin, ready) - liveWaitSeconds, liveWaitSeconds };
}

function secondsOf({ begin, end }: Pick<Span, 'begin' | 'end'> = { begin: 0, end: 0 }): number {
  return secondsFrom(begin, end);
}

function secondsFrom(begin = NaN, end = NaN): number {
  return (end - begin) / 1000;
}

function millis(time?: { seconds?: unknown; nanos?: number | null } | null): number {
  return Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
}
