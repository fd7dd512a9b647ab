import { isRefusal } from '../../canton/refusals.js';
import { mismatch, refused } from '../../model/failure.js';
import type { NodeRef } from '../../model/participant.js';
import type { Participants } from '../nodes/participants.js';
import type { Participant, ParticipantReads } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';
import { until } from '../attempt/waiting.js';
import { findLacking } from './granted.js';

const CONNECT_LIMIT_MS = 120_000;

/** What brings a target onto the synchronizer of the source, before it becomes a host there. */
export function joiningActivities(participants: Participants) {
  return {
    /**
     * Ensures that the target is registered with the synchronizer of the source, by the source's own configuration of
     * it, and connected. Safe to repeat, also where an earlier attempt was refused: that leaves a registration under the
     * alias, without an id. Fails with `JoinRefused`, which says what the synchronizer does not grant. Source: networks E.
     */
    async ensureJoined(input: {
      source: NodeRef;
      target: NodeRef;
      alias: string;
      synchronizerId: string;
    }): Promise<{ isNew: boolean }> {
      const { synchronizers } = participants.change(input.target);
      const find = async () =>
        (await synchronizers.listRegistered()).find(
          ({ logicalId }) => logicalId === input.synchronizerId,
        );
      const known = await find();
      if (known?.isConnected) return { isNew: false };
      progress({ connecting: input.target.name });
      if (known) await synchronizers.reconnect(known.alias);
      else await join(participants.change(input.target), participants.read(input.source), input);
      await until(async () => ((await find())?.isConnected ? true : undefined), {
        what: `${input.target.name} to be connected to ${input.alias}`,
        limitMs: CONNECT_LIMIT_MS,
        type: 'NotConnected',
        stillMissing: () => `${input.target.name} is not connected to ${input.alias}`,
      });
      return { isNew: true };
    },

    /**
     * Ensures that the target connects to nothing by itself, and reads it back: before the first proposal, or a crash
     * in the window would bring it back without its contracts. It stays connected. Source: live-route 2, step 1.
     */
    async ensureManualConnect({ target }: { target: NodeRef }): Promise<void> {
      const { synchronizers } = participants.change(target);
      for (const { alias, isManualConnect } of await synchronizers.listRegistered()) {
        if (!isManualConnect) await synchronizers.setManualConnect(alias, true);
      }
      await readManualConnect(participants.read(target));
    },
  };
}

async function join(
  { name, synchronizers }: Participant,
  source: ParticipantReads,
  { target, alias, synchronizerId }: { target: NodeRef; alias: string; synchronizerId: string },
): Promise<void> {
  const its = { ...target, alias, synchronizerId, joins: true, needs: 'submission' as const };
  const lacking = await findLacking([source], its);
  if (lacking !== undefined) throw refused('JoinRefused', lacking);
  try {
    const half = (await synchronizers.listRegistered()).find(
      (one) => one.alias === alias && one.logicalId === '',
    );
    if (half) await synchronizers.reconnect(alias);
    else await synchronizers.connectWith(await source.synchronizers.readConfig(alias));
  } catch (error) {
    if (!isRefusal(error, 'onboarding is refused')) throw error;
    const why = await findLacking([source], its);
    throw refused('JoinRefused', why ?? `${alias} refused ${name}, ${target.uid}: ${error.message}`);
  }
}

/** Fails with `ManualConnectMissing` if a participant connects to anything by itself. */
export async function readManualConnect({ name, synchronizers }: ParticipantReads): Promise<void> {
  const others = (await synchronizers.listRegistered()).filter((its) => !its.isManualConnect);
  if (others.length === 0) return;
  throw mismatch(
    'ManualConnectMissing',
    `${name} connects by itself to ${others.map(({ alias }) => alias).join(', ')}: after a crash it would come back without its contracts`,
  );
}
