import { toFailure } from '../activities/attempt/failures.js';
import type { ParticipantAccess } from '../model/participant-access.js';
import { connectParticipant } from '../canton/index.js';
import { shortenedName } from '../canton/peer-text.js';
import { cureOf } from '../model/cures.js';
import type { ParticipantProfile } from './options.js';

/** What a participant said at start: its uid, or why it did not answer and what to do about it. */
export type Greeting = { name: string; uid: string } | { name: string; problem: string };

/** Opens the channels to every participant; none is called yet. */
export function connectParticipants(profiles: ParticipantProfile[]): Map<string, ParticipantAccess> {
  return new Map(
    profiles.map(({ name, admin, ledger }) => [name, connectParticipant(name, { admin, ledger })]),
  );
}

/** Asks every participant who it is, over both of its APIs, all at once. */
export async function greet(
  participants: ReadonlyMap<string, Pick<ParticipantAccess, 'name' | 'reading'>>,
): Promise<Greeting[]> {
  return Promise.all(
    [...participants.values()].map(async ({ name, reading }) => {
      const { health, ledger } = reading();
      try {
        const [uid] = await Promise.all([health.readUid(), ledger.readLedgerEnd()]);
        return { name, uid: shortenedName(uid) };
      } catch (error) {
        const { type } = toFailure(error) as { type?: string };
        return { name, problem: `${(error as Error).message}; ${cureOf(type ?? '')}` };
      }
    }),
  );
}

/** Says which names of the configuration lead to one node: no migration can be between them. */
export function twins(greetings: readonly Greeting[]): string[] {
  const names = new Map<string, string[]>();
  for (const greeting of greetings) {
    if (!('uid' in greeting)) continue;
    names.set(greeting.uid, [...(names.get(greeting.uid) ?? []), greeting.name]);
  }
  return [...names]
    .filter(([, same]) => same.length > 1)
    .map(
      ([uid, same]) => `${same.join(' and ')} are one participant, ${uid}; ${cureOf('SameParticipant')}`,
    );
}
