import { mismatch } from '../../model/failure.js';
import type { NodeRef, PruningSchedule, ResourceLimits } from '../../model/participant.js';
import type { Participants } from '../nodes/participants.js';

/** What is set on a node as a whole. */
export function localSettingsActivities(participants: Participants) {
  return {
    /**
     * Ensures that a participant that has the limits `former` gets these, and reads them back. Other ones somebody else
     * has set, and they stay. Fails with `LocalStateLost`.
     */
    async ensureResourceLimits(input: {
      participant: NodeRef;
      limits: ResourceLimits;
      former: ResourceLimits;
    }): Promise<{ isNew: boolean; isOthers: boolean }> {
      const { health } = participants.change(input.participant);
      const isSet = async () => isSame(await health.readResourceLimits(), input.limits);
      if (await isSet()) return { isNew: false, isOthers: false };
      if (!isSame(await health.readResourceLimits(), input.former))
        return { isNew: false, isOthers: true };
      await health.setResourceLimits(input.limits);
      if (await isSet()) return { isNew: true, isOthers: false };
      throw mismatch(
        'LocalStateLost',
        `${input.participant.name} accepted resource limits it does not have`,
      );
    },

    /** Ensures that a participant prunes by this schedule, or by none, and reads it back. */
    async ensurePruningSchedule(input: {
      participant: NodeRef;
      schedule?: PruningSchedule;
    }): Promise<{ isNew: boolean }> {
      const { health } = participants.change(input.participant);
      const isSet = async () => isSame(await health.findPruningSchedule(), input.schedule);
      if (await isSet()) return { isNew: false };
      await health.setPruningSchedule(input.schedule);
      if (await isSet()) return { isNew: true };
      throw mismatch(
        'LocalStateLost',
        `${input.participant.name} accepted a pruning schedule it does not have`,
      );
    },
  };
}

/** Whether two flat objects, or none, say the same. */
export function isSame(a: object | undefined, b: object | undefined): boolean {
  const text = (value: object | undefined) =>
    value && JSON.stringify(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)));
  return text(a) === text(b);
}
