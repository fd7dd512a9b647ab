import { refused } from '../../model/failure.js';
import type { NodeRef } from '../../model/participant.js';
import {
  assertAllowed,
  currentCaller,
  type CallerRules,
  type MigrationPair,
} from '../attempt/caller.js';
import { currentFencing } from '../attempt/fencing.js';
import type {
  Participant,
  ParticipantAccess,
  ParticipantReads,
} from '../../model/participant-access.js';
import type { SigningChanges } from '../../model/participant-changes.js';

/**
 * Finds participants of the worker's configuration; fails with `UnknownParticipant`.
 *
 * A node of a plan is another node than the one that a worker happens to call the same: calls to one with another uid
 * fail with `OtherParticipant`.
 */
export interface Participants {
  /** To look at. */
  read(node: NodeRef): ParticipantReads;
  /**
   * To change: each change goes out only with Temporal's word that a migration of this node scheduled this attempt, and
   * that it is still the current one. Fails with `CallerNotAllowed`.
   */
  change(node: NodeRef): Participant;
  /** To let a node sign a list of its own keys, of which nothing stays: a plan may, which changes nothing. */
  proving(node: NodeRef): KeyProof;
  /** Fails as {@link change} does, for what is changed elsewhere than on a node. */
  assertMigration(): Promise<void>;
  /** Fails with `MigrationNotAllowed` if the configuration lists pairs, and not this one. */
  assertAllowed(pair: MigrationPair): void;
  /** To ask which node has this name: nothing has been planned yet. */
  named(name: string): ParticipantReads;
  /** To ask whoever knows: every participant of the configuration, whichever nodes have these names. */
  everyone(): ParticipantReads[];
}

/** What a node can do to show that its keys sign. */
export type KeyProof = Pick<SigningChanges, 'proveOwnKeys'>;

/** Returns the participants by their names in the worker's configuration. */
export function participantsOf(
  nodes: ReadonlyMap<string, ParticipantAccess>,
  rules: CallerRules,
): Participants {
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
      const [caller, fencing] = [currentCaller(rules), currentFencing()];
      caller.assertWorkflow();
      return find(name).changing(uid, async () => {
        await caller.prove({ name, uid });
        await fencing.prove();
      });
    },
    proving({ name, uid }) {
      const fencing = currentFencing();
      const { signing } = find(name).changing(uid, () => fencing.prove());
      return { proveOwnKeys: (request) => signing.proveOwnKeys(request) };
    },
    async assertMigration() {
      await currentCaller(rules).proveMigration();
    },
    assertAllowed: (pair) => assertAllowed(rules, pair),
    named: (name) => find(name).reading(),
    everyone: () => [...nodes.values()].map((node) => node.reading()),
  };
}
