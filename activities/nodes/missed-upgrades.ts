import { CantonError } from '../../canton/errors.js';
import type { AnnouncedUpgrade, RegisteredSynchronizer } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { isBefore } from '../../model/upgrade.js';

/** A participant that is connected to a synchronizer, and what it knows of the upgrades of it. */
export interface Witness {
  participant: ParticipantReads;
  registered: RegisteredSynchronizer;
}

/** Asks every participant of the worker's configuration; one that does not answer is no witness. */
export async function findWitness(
  everyone: readonly ParticipantReads[],
  synchronizerId: string,
): Promise<Witness | undefined> {
  const asked = everyone.map(async (participant) => {
    const all = await participant.synchronizers.listRegistered();
    const registered = all.find((its) => its.isConnected && its.logicalId === synchronizerId);
    return registered && { participant, registered };
  });
  const answers = await Promise.allSettled(asked);
  for (const answer of answers)
    if (answer.status === 'rejected' && !(answer.reason instanceof CantonError)) throw answer.reason;
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? (answer.value ?? []) : []))[0];
}

/** An upgrade that a node has not made although it is done. */
export interface MissedUpgrade {
  /** Physical id of the synchronizer that the node still has in use. */
  used: string;
  /** Of the one that the witness uses. */
  current: string;
  witness: string;
  alias: string;
  upgrade?: AnnouncedUpgrade;
}

/** Compares what a disconnected node has in use with what a connected one uses. Source: networks B. */
export async function findMissedUpgrade(
  { logicalId, physicalId, alias }: { logicalId: string; physicalId: string; alias: string },
  { participant, registered }: Witness,
): Promise<MissedUpgrade | undefined> {
  const { physicalId: current } = registered;
  if (!isBefore(physicalId, current)) return undefined;
  const upgrade = await participant.topology.findUpgrade({ synchronizerId: logicalId });
  return {
    used: physicalId,
    current,
    witness: participant.name,
    alias,
    ...(upgrade?.successor === current && { upgrade }),
  };
}

/** What an operator does about a missed upgrade whose predecessor is off. */
export function lateUpgradeCure({ used, current, witness, alias, upgrade }: MissedUpgrade): string {
  const time = upgrade
    ? `the announced upgrade time exactly ${upgrade.time}`
    : `one upgrade after the other, each with the time that ${witness} lists for it`;
  return `call PerformLateLsu on it while it is disconnected, from ${used} to ${current}, with ${time} and the configuration that ${witness} has registered for ${alias}, but with manual_connect set to true, or it connects by itself when it is started next: the time is not checked, and with a wrong one the node can never connect again`;
}

/** That a node missed an upgrade, and who is the witness of it. */
export function saidOfMissed(name: string, { used, current, witness, upgrade }: MissedUpgrade): string {
  const time = upgrade ? ` at ${upgrade.time}` : '';
  return `${name} is disconnected and has ${used} in use, while ${witness} is on ${current} since the upgrade${time}`;
}

/** Upgrades that were done without a node, of the synchronizers that it is disconnected from, with what has to be done. */
export async function describeMissed(
  name: string,
  registered: readonly RegisteredSynchronizer[],
  everyone: readonly ParticipantReads[],
): Promise<string[]> {
  const missed: string[] = [];
  for (const its of registered) {
    if (its.isConnected || its.logicalId === '') continue;
    const witness = await findWitness(everyone, its.logicalId);
    const found = witness && (await findMissedUpgrade(its, witness));
    if (found)
      missed.push(
        `${saidOfMissed(name, found)}; before it is used again, if it cannot connect: ${lateUpgradeCure(found)}`,
      );
  }
  return missed;
}
