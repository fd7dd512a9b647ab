import { mismatch } from '../../model/failure.js';
import type { Wanted } from '../../model/hosting.js';
import { progress } from '../attempt/progress.js';
import type { Participants } from '../nodes/participants.js';
import { findConnected } from '../plan/grants.js';
import { assertEffective, assertGranted, mayPing, type GrantedInput } from './granted.js';
import { pingItself } from './hosting.js';

export function targetCheckActivities(participants: Participants) {
  return {
    /**
     * Whether the target can serve on the synchronizer, before anything depends on it: it is granted what it needs, may do
     * for the parties what is wanted, and answers itself. `parties` are those it hosts by now.
     *
     * Returns false if it is not connected there: then nothing can be tried. Fails with `TargetNotGranted`,
     * `PermissionNotEffective` and `PingFailed`. One that may only confirm cannot ping itself. Source: networks E.
     */
    async checkTarget(input: GrantedInput & { parties: Wanted[] }): Promise<{ isConnected: boolean }> {
      const source = participants.read(input.source);
      const target = participants.change(input.target);
      if (!(await findConnected([target], input.synchronizerId))) return { isConnected: false };
      await assertGranted([target, source], input);
      await assertEffective(target, input);
      if (!(await mayPing(target, { ...input, participant: input.target })))
        return { isConnected: true };
      progress({ pinging: input.target.name });
      const answer = await pingItself(target, input);
      if ('pingTimeMs' in answer) return { isConnected: true };
      throw mismatch(
        'PingFailed',
        `${target.name} cannot ping itself over ${input.alias}: ${answer.failure}`,
      );
    },
  };
}
