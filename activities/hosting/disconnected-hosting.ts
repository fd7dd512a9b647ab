import type { Wanted } from '../../model/hosting.js';
import { counted, listed } from '../../model/count.js';
import { mismatch } from '../../model/failure.js';
import type { NodeRef } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import type { FormerHosting } from '../../model/plan-parties.js';
import { currentFencing } from '../attempt/fencing.js';
import { progress } from '../attempt/progress.js';
import { forEachOf, until } from '../attempt/waiting.js';
import { readIsolated } from '../nodes/connections.js';
import type { Participants } from '../nodes/participants.js';
import { PROPOSALS_AT_ONCE } from './messages.js';

/** Of all of them at once, after the target has connected. */
const EFFECTIVE_LIMIT_MS = 120_000;
const EFFECTIVE_MS_EACH = 20;

export function disconnectedHostingActivities(participants: Participants) {
  return {
    /**
     * Ensures that the target hosts each party with the permission given once it connects: nobody learns of it before.
     *
     * Safe to repeat. Fails with `StillConnected` if the target is connected, or connects by itself. Source: canton-2.10
     * 3.
     */
    async ensurePartiesHostedDisconnected(input: {
      target: NodeRef;
      parties: Wanted[];
    }): Promise<{ hosted: number }> {
      const target = participants.change(input.target);
      await readIsolated(target);
      const there = await hostedAs(target, input.target);
      const missing = input.parties.filter(({ party, permission }) => there.get(party) !== permission);
      let hosted = 0;
      await forEachOf(missing, PROPOSALS_AT_ONCE, async ({ party, permission }) => {
        await target.topology.hostParty({ party, participantUid: input.target.uid, permission });
        progress({ hosted: ++hosted, of: missing.length });
      });
      const now = await hostedAs(target, input.target);
      const lacking = missing.filter(({ party, permission }) => now.get(party) !== permission);
      if (lacking.length === 0) return { hosted };
      throw mismatch(
        'PartiesNotEffective',
        `${input.target.name} took the hosting of ${listed(lacking.map(({ party }) => party))} and does not list it`,
      );
    },

    /** Ensures that the target, which was not connected since, hosts none of the parties that it did not host before. */
    async withdrawPartiesDisconnected(input: {
      target: NodeRef;
      parties: FormerHosting[];
    }): Promise<{ withdrawn: number }> {
      const target = participants.change(input.target);
      await readIsolated(target);
      const there = await hostedAs(target, input.target);
      const leaving = input.parties.flatMap(({ party, formerMapping }) => {
        const permission = there.get(party);
        return permission === undefined || formerMapping ? [] : { party, permission };
      });
      await forEachOf(leaving, PROPOSALS_AT_ONCE, async ({ party, permission }) => {
        await target.topology.unhostParty({ party, participantUid: input.target.uid, permission });
      });
      return { withdrawn: leaving.length };
    },

    /**
     * Returns once the synchronizer has the target, which is connected, as host of each party. Fails with
     * `PartiesNotEffective`. That a party is local says nothing. Source: canton-2.10 H, item 7.
     */
    async awaitHostingPublished(input: PublishedHosting): Promise<void> {
      await awaitPublished(participants.read(input.target), input);
    },
  };
}

export interface PublishedHosting {
  target: NodeRef;
  synchronizerId: string;
  parties: Wanted[];
}

async function awaitPublished({ topology }: ParticipantReads, input: PublishedHosting): Promise<void> {
  let missing = input.parties;
  await until(
    async () => {
      const effective = await topology.listEffectiveHosting(input.synchronizerId, input.target.uid);
      const now = new Map(effective.map(({ party, permission }) => [party, permission]));
      missing = input.parties.filter(({ party, permission }) => now.get(party) !== permission);
      await currentFencing().prove();
      return missing.length === 0 ? true : undefined;
    },
    {
      what: () => `${counted(missing.length, 'party', 'parties')} to be hosted on the synchronizer`,
      limitMs: EFFECTIVE_LIMIT_MS + input.parties.length * EFFECTIVE_MS_EACH,
      type: 'PartiesNotEffective',
      stillMissing: () =>
        `${input.synchronizerId} does not have ${input.target.name} as host of ${listed(missing.map(({ party }) => party))}`,
    },
  );
}

/** What the target may do for each party by its own store. */
async function hostedAs({ topology }: ParticipantReads, { uid }: NodeRef) {
  const mappings = await topology.listPartyMappings('authorized', { participantUid: uid });
  return new Map(
    mappings.flatMap(({ party, hosts }) =>
      hosts
        .filter(({ participantUid }) => participantUid === uid)
        .map(({ permission }) => [party, permission] as const),
    ),
  );
}
