import { CantonError } from '../../canton/errors.js';
import { isUnavailable } from '../../canton/refusals.js';
import { listed } from '../../model/count.js';
import type { AllowedKeys } from '../../model/participant.js';
import { protocolVersionOf } from '../../model/physical-id.js';
import { delegationsOf, isLive, type Finding, type MigrationPlan } from '../../model/plan.js';
import { when } from './finding.js';
import { keysInUse, missingKeys, storesOf } from './key-use.js';
import type { KeyProof } from '../nodes/participants.js';
import type { NodeReading } from './nodes.js';

interface Readings {
  plan: MigrationPlan;
  target: NodeReading;
  /** Of the target synchronizer. */
  allowed: AllowedKeys | { unanswered: string[] };
}

/** Whether the target has its keys where they should be, may use them on its synchronizer, and can sign with them. */
export async function keyObstacles(readings: Readings, signer: KeyProof): Promise<Finding[]> {
  return [
    ...vaultObstacles(readings),
    ...schemeObstacles(readings),
    ...(await signingObstacles(readings, signer)),
  ];
}

function vaultObstacles({ plan, target }: Readings): Finding[] {
  const { target: to } = plan;
  const signs = isLive(plan) || delegationsOf(plan).length > 0 || plan.vetting.add.length > 0;
  const used = keysInUse(target);
  const outsideKms = used.filter(({ kmsKeyId }) => kmsKeyId === undefined);
  return [
    ...when(signs && target.namespaceKeys.length === 0, {
      type: 'NamespaceKeyMissing',
      what: `${to.name} holds neither its root namespace key ${to.namespace} nor another key that may sign for its namespace`,
      cure: 'register the namespace key of the target, or a key that its root key has delegated all but namespace delegations to',
    }),
    ...missingKeys(target).map(({ fingerprint, purpose }) => ({
      type: 'KeyInUseMissing',
      what: `the ${purpose} key ${fingerprint} stands in the list of keys that ${to.name} uses (OwnerToKeyMapping), and its vault does not hold it`,
      cure: 'register this key with the target again, or take it off the list: topology.owner_to_key_mappings.remove_key in its console',
    })),
    ...when(!to.isKmsBacked && outsideKms.length < used.length, {
      type: 'KeysOutsideKms',
      what: `${to.name} has ${outsideKms.length} of the ${used.length} keys it uses outside its KMS: ${listed(outsideKms.map(({ name, fingerprint }) => name || fingerprint))}`,
      cure: 'rotate these keys into the KMS',
    }),
  ];
}

/** One for each key that the target uses: a retired one stays in the vault, and is in nobody's way. */
function schemeObstacles({ plan, target, allowed }: Readings): Finding[] {
  if ('unanswered' in allowed) return [];
  const { alias } = plan.target.synchronizer;
  return keysInUse(target)
    .filter(({ purpose, spec }) => !allowed[purpose].includes(spec))
    .map(({ name, fingerprint, purpose, spec }) => ({
      type: 'KeySchemeNotAllowed',
      what: `the ${purpose} key ${name || fingerprint} of ${target.name} is ${spec}, and the static parameters of ${alias} allow ${allowed[purpose].join(', ') || 'none'}`,
      cure: 'replace this key by one that the target synchronizer allows, or use a target synchronizer that allows it',
    }));
}

/** The list of keys stays complete when a KMS has lost them: only a signature tells. Source: admin-api 1.8. */
async function signingObstacles({ plan, target }: Readings, signer: KeyProof): Promise<Finding[]> {
  const { name, uid, isKmsBacked, synchronizer } = plan.target;
  // Whoever lacks a key cannot sign with it: that is said already.
  if (!isKmsBacked || missingKeys(target).length > 0) return [];
  try {
    const stores = storesOf(target.registered);
    await signer.proveOwnKeys({ uid, stores, protocolVersion: protocolVersionOf(synchronizer) });
    return [];
  } catch (error) {
    if (!(error instanceof CantonError) || isUnavailable(error)) throw error;
    return [
      {
        type: 'KmsNotSigning',
        what: `${name} could not sign a list of its own keys with all of them: ${error.message}`,
        cure: 'check that the target reaches its KMS and that the KMS has every key of the target; look the trace id up in the log of the target',
      },
    ];
  }
}
