/** Returns the note of a contract that a command of this load test creates; a transfer keeps it. */
export function noteOf(run: string, commandId: string): string {
  return `${run}: ${commandId}`;
}

/** Whether a contract with this note is of this load test. */
export function isOwnNote(run: string, note: string): boolean {
  return note.startsWith(`${run}: `);
}
