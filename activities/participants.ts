import { refused } from '../model/failure.js';
import type { NodeRef } from '../model/participant.js';
import { currentCustody } from './custody.js';
import type { Participant, ParticipantAccess, ParticipantReads } from './participant.js';

/**
 * Finds participants of the worker's configuration; fails with `UnknownParticipant`.
 *
 * A node of a plan is another node than the one that a worker happens to call the same: calls to one with another uid
 * fail with `OtherParticipant`.
 */
export interface Participants {
  /** To look at. */
  read(node: NodeRef): ParticipantReads;
  /** To change: each change goes out only with Temporal's word that this attempt is still the current one. */
  change(node: NodeRef): Participant;
  /** To ask which node has this name: nothing has been planned yet. */
  named(name: string): ParticipantReads;
}

/** Returns the participants by their names in the worker's configuration. */
export function participantsOf(nodes: ReadonlyMap<string, ParticipantAccess>): Participants {
  const find = (name: string): ParticipantAccess => {
    const found = nodes.get(name);
    if (found) return found;
    const known = [...nodes.keys()].join(', ');
    throw refused(
      'UnknownParticipant',
      `the worker's configuration has no participant ${name}, it has ${known}`,
    );
  };
  return {
    read: ({ name, uid }) => find(name).reading(uid),
    change({ name, uid }) {
      const custody = currentCustody();
      return find(name).changing(uid, () => custody.prove());
    },
    named: (name) => find(name).reading(),
  };
}
