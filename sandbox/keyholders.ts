import type { PartyScenario, Scenario } from './scenario.js';
import { pemOf } from './crypto.js';
import { seededSigner, virtualParticipant, type SeededSigner } from './signers.js';

const NAMESPACE = 'SIGNING_KEY_USAGE_NAMESPACE' as const;

/** Makes the key that signs for the n-th external party of a scenario; those with a delegation come last. */
export function externalSigner(seed: string, counts: PartyScenario, n: number): SeededSigner {
  const { external, externalKeys = Infinity } = counts;
  const name = n < external ? `external/${n % externalKeys}` : `delegating/${n - external}`;
  return seededSigner(`${seed}/${name}`, [
    NAMESPACE,
    'SIGNING_KEY_USAGE_PROTOCOL',
    'SIGNING_KEY_USAGE_PROOF_OF_OWNERSHIP',
  ]);
}

/** Makes the key of the third owner of a decentralised namespace, who has no node. */
export function thirdOwner(seed: string): SeededSigner {
  return seededSigner(`${seed}/owner`, [NAMESPACE]);
}

/** Signs with the keys that no node of a sandbox holds: those of external parties and of owners of namespaces. */
export class Keyholders {
  private readonly signers = new Map<string, SeededSigner>();
  private readonly rest: Generator<SeededSigner, undefined>;

  constructor({ seed, parties }: Pick<Scenario, 'seed' | 'parties'>) {
    this.rest = signersOf(seed, parties);
  }

  /** Returns the Ed25519 signature of these bytes by the key with this fingerprint, 64 bytes. */
  sign(fingerprint: string, bytes: Uint8Array): Uint8Array {
    return this.of(fingerprint).sign(Buffer.from(bytes)).signature;
  }

  /** Returns the private key with this fingerprint, PKCS#8 as PEM: what its holder signs with. */
  pem(fingerprint: string): string {
    return pemOf(this.of(fingerprint).privateKey);
  }

  private of(fingerprint: string): SeededSigner {
    const signer = this.find(fingerprint);
    if (signer) return signer;
    throw new Error(
      `no such key outside the nodes: found ${fingerprint}, expected that of an external party, of 'other' or of the third owner`,
    );
  }

  /** Makes keys up to the one that is asked for: there may be very many. */
  private find(fingerprint: string): SeededSigner | undefined {
    while (!this.signers.has(fingerprint)) {
      const { value, done } = this.rest.next();
      if (done) return undefined;
      this.signers.set(value.id, value);
    }
    return this.signers.get(fingerprint);
  }
}

function* signersOf(seed: string, counts: PartyScenario): Generator<SeededSigner, undefined> {
  yield virtualParticipant('other', seed).namespace;
  yield thirdOwner(seed);
  const { external, externalKeys = Infinity, externalWithDelegation = 0 } = counts;
  for (let n = 0; n < Math.min(external, externalKeys); n++) yield externalSigner(seed, counts, n);
  for (let n = 0; n < externalWithDelegation; n++) yield externalSigner(seed, counts, external + n);
}
