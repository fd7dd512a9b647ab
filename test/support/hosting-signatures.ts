import assert from 'node:assert/strict';
import type { KeyObject } from 'node:crypto';

import type { MigrationClient } from '../../client/index.js';
import { linesToSign } from '../../client/lines-to-sign.js';
import { fingerprintOf } from '../../canton/fingerprint.js';
import { CryptoKeyFormat } from '../../canton/gen/com/digitalasset/canton/crypto/v30/crypto_pb.js';
import { Signing } from '../../canton/v30/signing.js';
import { multiTransactionHash } from '../../canton/transaction-hash.js';
import { algorithmOf, type HandedIn, type HostingRequest } from '../../model/ceremony.js';
import type { PartyMapping } from '../../model/participant.js';
import { namespaceOf, type PlannedParty } from '../../model/plan.js';
import type { Sandbox } from '../../sandbox/index.js';

/** What whoever has the key hands in. */
export function handedIn(sandbox: Pick<Sandbox, 'sign'>, { hash, key }: HostingRequest): HandedIn {
  const signature = sandbox.sign(key.fingerprint, Buffer.from(hash, 'hex'));
  return { hash, signature: Buffer.from(signature).toString('base64') };
}

/** Has every key outside of the nodes sign its hostings, and hands that in. */
export async function handInHostings(
  client: MigrationClient,
  id: string,
  sandbox: Pick<Sandbox, 'sign'>,
): Promise<void> {
  const lines = [...linesToSign(await client.signaturesToProvide(id))];
  const signatures = lines
    .filter(({ purpose }) => purpose === 'party-hosting')
    .map(({ hash, signedBy, toSign }) => {
      const signature = sandbox.sign(signedBy, Buffer.from(toSign, 'base64'));
      return { hash, signedBy, signature: Buffer.from(signature).toString('base64') };
    });
  const { refused } = await client.provideSignatures(id, { signatures, by: 'keeper' });
  assert.deepEqual(refused, []);
}

/** An external party as a plan has it. */
export function plannedExternal(mapping: PartyMapping): PlannedParty {
  const { serial, ...hosting } = mapping;
  const { party, hosts } = hosting;
  assert.ok(serial > 0);
  return {
    ...{ party, class: 'external', treatment: 'move', reason: '', contractCount: 0, hosting },
    permission: hosts[0]!.permission,
    signers: { namespaces: [namespaceOf(party)], needed: 1 },
  };
}

/** What a key is asked to sign for some parties of its own namespace. */
export function hostingRequest(
  publicKey: KeyObject,
  spec: string,
  parties: number,
  own: Pick<PartyMapping, 'signingKeys'> = {},
): HostingRequest {
  const der = publicKey.export({ format: 'der', type: 'spki' });
  const format = CryptoKeyFormat.DER_X509_SUBJECT_PUBLIC_KEY_INFO;
  const namespace = fingerprintOf({ format, publicKey: der });
  const signing = new Signing(undefined as never, undefined as never);
  const transactions = Array.from({ length: parties }, (_, n) => {
    const party = `party-${n + 1}::${namespace}`;
    const host = { participantUid: TARGET, permission: 'confirmation', isOnboarding: true } as const;
    const mapping = { party, threshold: 1, hosts: [host], serial: 2, ...own };
    return { party, ...signing.buildPartyMapping(mapping) };
  });
  const hashes = transactions.map(({ hash }) => hash);
  return {
    hash: parties === 1 ? hashes[0]! : multiTransactionHash(hashes),
    key: { fingerprint: namespace, spec, publicKey: der.toString('base64') },
    algorithm: algorithmOf(spec),
    ...{ namespace, isRequired: true, transactions },
  };
}

const TARGET = `target::1220${'ab'.repeat(32)}`;
