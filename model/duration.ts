/** `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 9_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A wait that is shorter was nobody's. */
const SHORTEST_WAIT_MS = 1_000;

/** Whether a wait for operators is worth a word. */
export function isWait(waitedMs: number): boolean {
  return waitedMs >= SHORTEST_WAIT_MS;
}

/** `3.4 s`, or `3.4 s active, 9 min 2 s waiting for operators`. */
export function timeOf({ workedMs, waitedMs }: { workedMs: number; waitedMs: number }): string {
  if (!isWait(waitedMs)) return duration(workedMs);
  return `${duration(workedMs)} active, ${duration(waitedMs)} waiting for operators`;
}
