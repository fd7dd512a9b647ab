/** A migration whose code throws what it should not: its task fails, and is tried again for ever. */
export async function migrateParticipant(): Promise<never> {
  throw new TypeError('a bug');
}
