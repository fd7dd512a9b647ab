import { mismatch, refused } from '../../model/failure.js';
import type {
  DelegationRestriction,
  DetachedSignature,
  NamespaceDelegation,
  NodeRef,
  SignedDelegation,
  UnsignedTransaction,
} from '../../model/participant.js';
import { allowing } from '../../canton/refusals.js';
import type { Participants } from '../nodes/participants.js';
import { trafficHold } from '../nodes/traffic.js';
import { until } from '../attempt/waiting.js';

const RESTRICTION: DelegationRestriction = 'CanSignAllButNamespaceDelegations';

/** Seen after 1.3 to 2 s on a real participant; a minute is a fault. Source: admin-api 5.3. */
const VISIBLE_LIMIT_MS = 60_000;

/** Who delegates which namespace to which key. */
export interface DelegationInput {
  /** The participant the delegation is issued on. */
  source: NodeRef;
  target: NodeRef;
  namespace: string;
  /** Fingerprint of a key of the target that signs for the target's namespace, too. */
  targetKey: string;
}

export function delegateNamespaceActivities(participants: Participants) {
  return {
    /**
     * Ensures that `targetKey` may sign everything but namespace delegations for `namespace`, on the source.
     *
     * Safe to repeat: an equal delegation, from this attempt or an earlier one, is returned as found.
     * Fails with `DelegationConflict` if the key holds another restriction, `NamespaceKeyMissing` if the target
     * does not know the key.
     */
    async ensureNamespaceDelegation(input: DelegationInput): Promise<{ isNew: boolean }> {
      const targetKey = await readTargetKey(participants, input);
      if (await findDelegation(participants, input)) return { isNew: false };
      const { topology } = participants.change(input.source);
      const { namespace } = input;
      await allowing(['exists already'], topology.proposeDelegation({ namespace, targetKey }));
      if (await findDelegation(participants, input)) return { isNew: true };
      throw lost(input);
    },

    /** Returns the delegation as a transaction that nobody has signed, to be signed by an offline root key. */
    async generateDelegation(input: DelegationInput): Promise<UnsignedTransaction> {
      const targetKey = await readTargetKey(participants, input);
      const { namespace } = input;
      return participants.read(input.source).signing.generateDelegation({ namespace, targetKey });
    },

    /**
     * Ensures the delegation by a signature that was made elsewhere, in the authorized store of the source.
     *
     * Safe to repeat. Fails with `DelegationLost` if the source does not list it afterwards.
     */
    async submitSignedDelegation(
      input: DelegationInput & { transaction: UnsignedTransaction; signature: DetachedSignature },
    ): Promise<{ isNew: boolean }> {
      if (await findDelegation(participants, input)) return { isNew: false };
      const { transaction, signature } = input;
      await participants.change(input.source).signing.addSigned(transaction, signature, 'authorized');
      if (await findDelegation(participants, input)) return { isNew: true };
      throw lost(input);
    },

    /**
     * Loads the root delegation and the new one, in this order, into the target's authorized store; between them those
     * that let another key than the root key sign the new one.
     *
     * Root first, because transactions are validated one by one against what is stored. Repeating it changes
     * nothing. `protocolVersion` is that of the target synchronizer where transactions are written as it is: of another
     * one the target cannot publish what it cannot sign again. Source: admin-api 5.3; canton-2.10 3.
     */
    async loadNamespaceDelegation(input: DelegationInput & { protocolVersion?: number }): Promise<void> {
      const { protocolVersion } = input;
      const signed = await participants
        .read(input.source)
        .topology.listSignedDelegations(input.namespace, { protocolVersion });
      const inOrder = chainOf(signed, input).map((its) => its.signed);
      await participants.change(input.target).topology.addTransactions(inOrder, 'authorized');
    },

    /**
     * Returns the root delegation and the new one as the target synchronizer's store has them.
     *
     * Waits for both: proposals for parties look up delegations there and would otherwise remain proposals.
     * Fails with `DelegationNotVisible`.
     */
    async readNamespaceDelegation(
      input: DelegationInput & { synchronizerId: string },
    ): Promise<NamespaceDelegation[]> {
      const { topology } = participants.read(input.target);
      const store = { synchronizerId: input.synchronizerId };
      const wanted = [input.namespace, input.targetKey];
      return until(
        async () => {
          const listed = await topology.listDelegations(store, input.namespace);
          const found = listed.filter(({ targetKey }) => wanted.includes(targetKey));
          return found.length === wanted.length ? found : undefined;
        },
        {
          what: 'both delegations on the target synchronizer',
          limitMs: VISIBLE_LIMIT_MS,
          type: 'DelegationNotVisible',
          heldUpBy: trafficHold(participants.read(input.target), input),
          stillMissing: () =>
            `the delegation of ${input.namespace} to ${input.targetKey} is not on ${input.synchronizerId}`,
        },
      );
    },
  };
}

/** The delegations that the one to the target's key rests on, the root first, and that one. Fails with `DelegationMissing`. */
function chainOf(
  signed: SignedDelegation[],
  { source, namespace, targetKey }: DelegationInput,
): SignedDelegation[] {
  const chain: SignedDelegation[] = [];
  let wanted = [targetKey];
  while (chain[0]?.delegation.targetKey !== namespace) {
    const found = signed.find(
      (its) => wanted.includes(its.delegation.targetKey) && !chain.includes(its),
    );
    if (!found)
      throw refused('DelegationMissing', `${source.name} has no delegation to ${wanted.join(' or ')}`);
    chain.unshift(found);
    wanted = found.signedBy.includes(namespace) ? [namespace] : found.signedBy;
  }
  return chain;
}

async function readTargetKey(
  participants: Participants,
  { target, targetKey }: DelegationInput,
): Promise<Uint8Array> {
  const key = await participants.read(target).vault.findSigningKey(targetKey);
  if (!key) throw refused('NamespaceKeyMissing', `${target.name} does not know its key ${targetKey}`);
  return key;
}

async function findDelegation(
  participants: Participants,
  input: DelegationInput,
): Promise<NamespaceDelegation | undefined> {
  const { topology } = participants.read(input.source);
  const listed = await topology.listDelegations('authorized', input.namespace);
  const found = listed.find(({ targetKey }) => targetKey === input.targetKey);
  if (found && found.restriction !== RESTRICTION) {
    throw mismatch(
      'DelegationConflict',
      `${input.targetKey} holds ${found.restriction} on ${input.source.name}, expected ${RESTRICTION}`,
    );
  }
  return found;
}

function lost({ source }: DelegationInput): Error {
  return mismatch('DelegationLost', `${source.name} accepted the delegation but does not list it`);
}
