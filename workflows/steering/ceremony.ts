import { ed25519 } from '@noble/curves/ed25519';
import { p256, p384 } from '@noble/curves/nist';
import { sha256 } from '@noble/hashes/sha2';
import { base64, hex } from '@scure/base';
import { uuid4 } from '@temporalio/workflow';

import type { Activities } from '../../activities/index.js';
import { algorithmOf, proofText, type SignatureRequest } from '../../model/ceremony.js';
import type { Migration } from '../../model/migration.js';
import type { SigningAlgorithm } from '../../model/participant.js';
import { nodesOf } from '../../model/plan-parts.js';
import type { RecordedSignature } from '../../model/report.js';
import { delegationsOf, type HashedPlan, type PlannedNamespace } from '../../model/plan.js';
import { bounded, NAME_LIMIT } from '../../model/shown-text.js';
import { fieldsOf, rejection } from './edge.js';
import {
  attendHostings,
  refuseHostingsClosed,
  refuseManySingle,
  refuseMeanwhile,
  takeOne,
} from './hostings.js';
import { provideSignature } from './messages.js';
import { steer } from './steer.js';

/** Bytes of an uncompressed public key, at the end of its SubjectPublicKeyInfo. */
const KEY_BYTES: Record<SigningAlgorithm, number> = {
  ED25519: 32,
  EC_DSA_SHA_256: 65,
  EC_DSA_SHA_384: 97,
};

/** Ed25519 signatures have one length; in DER, two numbers of a curve have at most this one. */
const SIGNATURE_BYTES: Record<SigningAlgorithm, { least: number; most: number }> = {
  ED25519: { least: 64, most: 64 },
  EC_DSA_SHA_256: { least: 8, most: 72 },
  EC_DSA_SHA_384: { least: 8, most: 104 },
};

/** Of one topology transaction, or of several together. */
const TRANSACTION_HASH = /^1220[0-9a-f]{64}$/;

/** Returns what the root keys are asked to sign beside the parties: all of it at once, so that one ceremony is enough. */
export async function signatureRequests(
  workflowId: string,
  { plan, hash: planHash }: HashedPlan,
  act: Activities,
): Promise<SignatureRequest[]> {
  const { namespaces, approval } = plan;
  const keyOf = (namespace: string) => namespaces.find((its) => its.namespace === namespace)!.rootKey;
  const requests: SignatureRequest[] = [];
  for (const { namespace, targetKey, issuer, signer } of delegationsOf(plan)) {
    if (signer !== 'offline') continue;
    const { transaction, hash } = await act.generateDelegation({
      source: issuer,
      target: nodesOf(plan).target,
      namespace,
      targetKey,
    });
    const key = keyOf(namespace);
    requests.push({
      purpose: 'namespace-delegation',
      isRequired: true,
      key,
      algorithm: algorithmOf(key.spec),
      hash,
      toSign: base64.encode(hex.decode(hash)),
      transaction,
    });
  }
  for (const { namespace, rootKey } of namespaces.filter(canBeProven)) {
    const about = { namespace, workflowId, planHash, challenge: `${uuid4()}${uuid4()}` };
    const text = new TextEncoder().encode(proofText(about));
    requests.push({
      purpose: 'root-key-proof',
      isRequired: approval.rootKeyProof === 'required',
      key: rootKey,
      algorithm: algorithmOf(rootKey.spec),
      hash: hex.encode(sha256(text)),
      toSign: base64.encode(text),
    });
  }
  return requests;
}

/** A key that a KMS holds is never at hand; of other kinds of keys nothing is understood. */
function canBeProven({ rootKey, isRootKeyInKms }: PlannedNamespace): boolean {
  const isKnown = ['EC_CURVE25519', 'EC_P256', 'EC_P384'].includes(rootKey.spec);
  return isKnown && !isRootKeyInKms;
}

export function recordedSignatures({ signatures }: Migration): RecordedSignature[] {
  return signatures.flatMap(({ purpose, key, hash, provided }) => {
    if (!provided) return [];
    const { by, providedAt } = provided;
    return [{ purpose, signedBy: key.fingerprint, hash, by, providedAt }];
  });
}

/** Takes signatures; one that is not right is never kept. The same again changes nothing. */
export function attendCeremony(migration: Migration): void {
  attendHostings(migration);
  steer(migration, provideSignature, {
    description: 'submit a signature: {hash, signedBy, algorithm, signature, by}',
    refuse: (input) => refuseSignature(migration, input),
    act: (input) => {
      const { hash, signature, by } = input;
      const request = migration.signatures.find((its) => its.hash === hash);
      if (!request) return takeOne(migration, input);
      const providedAt = new Date().toISOString();
      request.provided ??= { signature: signature.trim(), by, providedAt };
      return undefined;
    },
  });
}

/** What a signature has to be; the input may be anything: it comes from a UI. */
function refuseSignature(migration: Migration, input: unknown): void {
  const given = fieldsOf(input, ['hash', 'signedBy', 'algorithm', 'signature', 'by']);
  const request = migration.signatures.find(({ hash }) => hash === given['hash']);
  if (request?.provided && request.provided.signature === given['signature']?.trim()) return;
  if (!request && migration.hostings && TRANSACTION_HASH.test(given['hash']!)) {
    refuseHostingsClosed(migration);
    refuseMeanwhile(migration);
    return refuseManySingle(migration);
  }
  if (migration.gate !== 'root-key')
    throw rejection(
      'NothingToSign',
      `the gate root-key is not open, the migration is ${migration.state}`,
    );
  const { key, algorithm } = request ?? {};
  if (!request || !key || !algorithm) {
    const wanted = migration.signatures.map(({ hash, purpose }) => `${hash} (${purpose})`).join(', ');
    throw rejection(
      'HashUnknown',
      `hash: found ${bounded(given['hash']!, NAME_LIMIT)}, expected ${wanted || 'none: nothing has to be signed'}`,
    );
  }
  if (request.provided)
    throw rejection('AlreadySigned', `${request.provided.by} submitted another signature of it already`);
  if (given['signedBy'] !== key.fingerprint) {
    throw rejection(
      'KeyMismatch',
      `signedBy: found ${bounded(given['signedBy']!, NAME_LIMIT)}, expected ${key.fingerprint}, the root key`,
    );
  }
  if (given['algorithm'] !== algorithm) {
    throw rejection(
      'AlgorithmMismatch',
      `algorithm: found ${bounded(given['algorithm']!, NAME_LIMIT)}, expected ${algorithm}`,
    );
  }
  const signature = decoded(given['signature'] ?? '');
  const { least, most } = SIGNATURE_BYTES[algorithm];
  if (signature.length < least || signature.length > most) {
    const expected = least === most ? `${most}` : `at most ${most}, in DER`;
    throw rejection(
      'SignatureLength',
      `signature: found ${signature.length} bytes, expected ${expected} for ${algorithm}`,
    );
  }
  if (!isGenuine(signature, request)) {
    throw rejection(
      'SignatureWrong',
      `signature: not one of key ${key.fingerprint} over these bytes: it was made with another key, or of another text`,
    );
  }
}

function decoded(text: string): Uint8Array {
  try {
    return base64.decode(text.trim());
  } catch {
    throw rejection('InputInvalid', 'signature: found text that is not base64, expected base64');
  }
}

function isGenuine(signature: Uint8Array, { key, algorithm, toSign }: SignatureRequest): boolean {
  const publicKey = base64.decode(key.publicKey).slice(-KEY_BYTES[algorithm]);
  const message = base64.decode(toSign);
  try {
    if (algorithm === 'ED25519') return ed25519.verify(signature, message, publicKey);
    const curve = algorithm === 'EC_DSA_SHA_384' ? p384 : p256;
    // What openssl and most KMS make is not normalised to the lower half.
    const options = { prehash: true, lowS: false, format: 'der' } as const;
    return curve.verify(signature, message, publicKey, options);
  } catch {
    return false;
  }
}
