import { CantonError } from '../../canton/errors.js';
import { listed } from '../../model/count.js';
import { refused, StepFailure } from '../../model/failure.js';
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
  const missed = await findMissed(registered, everyone);
  return missed.map(
    (found) =>
      `${saidOfMissed(name, found)}; before it is used again, if it cannot connect: ${lateUpgradeCure(found)}`,
  );
}

async function findMissed(
  registered: readonly RegisteredSynchronizer[],
  everyone: readonly ParticipantReads[],
): Promise<MissedUpgrade[]> {
  const missed: MissedUpgrade[] = [];
  for (const its of registered) {
    if (its.isConnected || its.logicalId === '') continue;
    const witness = await findWitness(everyone, its.logicalId);
    const found = witness && (await findMissedUpgrade(its, witness));
    if (found) missed.push(found);
  }
  return missed;
}

/**
 * Fails with `NotUpgraded` if a node missed an upgrade and no former sequencer answers any more: it cannot connect. One that
 * is a host meanwhile (`isHost`) needs what was ordered before the upgrade, which a late upgrade leaves out. Source: networks B.
 */
export async function assertNotStranded(
  { name, synchronizers }: ParticipantReads,
  everyone: readonly ParticipantReads[],
  { synchronizerId, isHost }: { synchronizerId?: string; isHost: boolean },
): Promise<void> {
  const registered = (await synchronizers.listRegistered()).filter(
    ({ logicalId }) => synchronizerId === undefined || logicalId === synchronizerId,
  );
  const stranded: string[] = [];
  for (const found of await findMissed(registered, everyone)) {
    const answers = await synchronizers.findAllowedKeys(found.alias);
    if (!('unanswered' in answers)) continue;
    const cure = isHost
      ? 'it was made a host of the parties before, so PerformLateLsu does not help: what was ordered before the upgrade would be missing'
      : lateUpgradeCure(found);
    stranded.push(`${saidOfMissed(name, found)}, and ${saidOfSilent(answers.unanswered)}; ${cure}`);
  }
  if (stranded.length > 0) throw refused('NotUpgraded', stranded.join('; '));
}

/** Whether an error says that a node could not connect. */
export function isFailedConnect(error: unknown): boolean {
  if (error instanceof CantonError) return error.errorId === 'SYNCHRONIZER_IS_NOT_AVAILABLE';
  return error instanceof StepFailure && error.type === 'NotConnected';
}

/** That a node cannot go over by itself any more. */
export function saidOfSilent(sequencers: readonly string[]): string {
  return `no sequencer of the former one answers the worker: ${listed(sequencers) || 'none is configured'}; the node cannot connect`;
}
