import type { Wanted } from '../../model/hosting.js';
import { until } from '../attempt/waiting.js';
import type { Participants } from '../nodes/participants.js';
import { pingHold } from '../nodes/traffic.js';
import { findConnected } from '../plan/grants.js';
import { assertEffective, assertGranted, mayPing, type GrantedInput } from './granted.js';
import { pingItself } from './hosting.js';
import { wantedMappings } from './onboarding.js';

/** A ping waits long enough for a node that lags; what fails at once is tried again for a while. */
const PING_LIMIT_MS = 10_000;

export function targetCheckActivities(participants: Participants) {
  return {
    /**
     * Whether the target can serve on the synchronizer, before anything depends on it: it is granted what it
     * needs, may do for the parties what is wanted, and answers itself. `parties` are those it hosts by now.
     *
     * With `isLive`, where both nodes are on it, fails with `PartiesChanged` unless the source hosts them as
     * planned, with the target or without. Returns false if it is not connected there: then nothing can be
     * tried. Fails with `TargetNotGranted`, `PermissionNotEffective` and `PingFailed`. One that may only
     * confirm cannot ping itself. Source: networks E.
     */
    async checkTarget(
      input: GrantedInput & { parties: Wanted[]; isLive?: boolean },
    ): Promise<{ isConnected: boolean }> {
      const source = participants.read(input.source);
      const target = participants.change(input.target);
      if (!(await findConnected([target], input.synchronizerId))) return { isConnected: false };
      await assertGranted([target, source], input);
      if (input.isLive) await wantedMappings(source, input);
      await assertEffective(target, input);
      if (!(await mayPing(target, { ...input, participant: input.target })))
        return { isConnected: true };
      let failure: string | undefined;
      const answers = async () => {
        const answer = await pingItself(target, input);
        failure = 'failure' in answer ? answer.failure : undefined;
        return failure === undefined ? true : undefined;
      };
      await until(answers, {
        what: `${target.name} to answer its own ping`,
        everyMs: 1_000,
        limitMs: PING_LIMIT_MS,
        type: 'PingFailed',
        // One that is short of traffic cannot.
        heldUpBy: pingHold(target, input, () => failure !== undefined),
        stillMissing: () => `${target.name} cannot ping itself over ${input.alias}: ${failure ?? ''}`,
      });
      return { isConnected: true };
    },
  };
}
