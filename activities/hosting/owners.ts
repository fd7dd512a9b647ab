import { isDeepStrictEqual } from 'node:util';

import { sleep } from '@temporalio/activity';

import type { SignedHostings } from '../../model/ceremony.js';
import { describeLacking, type AwaitedSignatures } from '../../model/live.js';
import type { Wanted } from '../../model/hosting.js';
import { progress } from '../attempt/progress.js';
import type { Participants } from '../nodes/participants.js';
import { LackingSignatures } from './lacking-signatures.js';
import { isSignedByTarget, wantedMappings, type OnboardingInput } from './onboarding.js';
import { assertNotSignedByTarget } from './target-signatures.js';
import { signingKeys } from './signed-hostings.js';

/** Of something that people do: each look reads everything that is proposed, and it may take weeks. */
const LOOK_MS = 5_000;
const MAX_LOOK_MS = 2 * 60_000;
/** Each return adds to the history: what has changed is in the status this late, in the heartbeat at once. */
const TOLD_MS = 15 * 60_000;

export function ownerActivities(participants: Participants) {
  return {
    /**
     * Returns what is missing of the signatures of others under the proposals of this migration: at once if
     * nothing is `known`, as soon as nothing is missing, and every 15 minutes at most if it differs from
     * `known`.
     *
     * An answer of Canton says nothing of it, nor does a list of what is in effect: what counts is who signed
     * what is stored, here or on a node of an owner, by the owners and the threshold as they are now. What
     * was handed in with the target's own key is proposed only after this, and counts as it is. Changes
     * nothing. Fails with `PartiesChanged`, `TargetSignedAlready` and `SignatureOutdated`. Source: networks
     * D.
     */
    async awaitHostingSignatures(
      input: OnboardingInput & {
        parties: Wanted[];
        signed?: SignedHostings;
        known?: AwaitedSignatures;
      },
    ): Promise<AwaitedSignatures> {
      const source = participants.read(input.source);
      const parties = input.parties.filter(({ signers }) => signers !== undefined);
      const heldBack = new Set(
        parties.filter((its) => isSignedByTarget(its, input)).map(({ party }) => party),
      );
      const toldAt = Date.now() + TOLD_MS;
      let before = input.known;
      let pauseMs = LOOK_MS;
      for (;;) {
        const lookedAt = Date.now();
        const wanted = await wantedMappings(source, { ...input, parties });
        // A target that signed too early becomes a host with the last owner, whatever the migration does.
        await assertNotSignedByTarget(source, input, wanted);
        // What the source signs as one of the owners follows, if it is not there yet.
        const unproposed = wanted.filter(({ party }) => heldBack.has(party));
        const signing = await signingKeys(source, input.signed, unproposed);
        const missing = await (await LackingSignatures.read(source, { ...input, signing })).scan(wanted);
        if (missing.parties === 0 || !input.known) return missing;
        if (Date.now() >= toldAt && !isDeepStrictEqual(missing, input.known)) return missing;
        progress({ waitingFor: describeLacking(missing) });
        // Whoever signs may go on with it.
        const isSame = isDeepStrictEqual(missing, before);
        pauseMs = isSame ? Math.min(pauseMs * 2, MAX_LOOK_MS) : LOOK_MS;
        before = missing;
        await sleep(Math.max(pauseMs, Date.now() - lookedAt));
      }
    },
  };
}
