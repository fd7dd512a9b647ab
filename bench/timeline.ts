import type { BenchStack } from './migrating.js';

/** What a migration took, read from its history. */
export interface Timeline {
  /**
   * From the first step that takes the source out of service to the end of the last comparison before the
   * cut-over.
   */
  freezeSeconds: number;
  copySeconds: number;
  compareSeconds: number;
  /**
   * Of the live route: from the activation to the end of what the gate `switch` waits for, without the waits
   * below.
   */
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

/** Reads how long the parts of a migration took, by the times of its activities. */
export async function readTimeline(stack: BenchStack, id: string): Promise<Timeline> {
  const spans = await spansOf(stack, id);
  const { raw } = await stack.workflows.getHandle(id).describe();
  const last = (name: string) => spans.filter((its) => its.name === name).at(-1);
  const seconds = (begin = 0, end = 0) => (end - begin) / 1000;
  const copy = last('copyActiveContracts');
  const compare = last('compareActiveContracts');
  return {
    freezeSeconds: seconds(last('quiesceSource')?.begin, compare?.end),
    copySeconds: seconds(copy?.begin, copy?.end),
    compareSeconds: seconds(compare?.begin, compare?.end),
    ...liveTimes(last),
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
  }
  return [...spans.values()];
}

function liveTimes(last: (name: string) => Span | undefined) {
  const took = (name: string) => {
    const { begin = 0, end = 0 } = last(name) ?? {};
    return (end - begin) / 1000;
  };
  const liveWaitSeconds = took('clearOnboardingFlags') + took('awaitCommitments');
  const whole = ((last('readSwitching')?.end ?? 0) - (last('activateParties')?.begin ?? 0)) / 1000;
  return { liveSeconds: whole - liveWaitSeconds, liveWaitSeconds };
}

function millis(time?: { seconds?: unknown; nanos?: number | null } | null): number {
  return Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
}
