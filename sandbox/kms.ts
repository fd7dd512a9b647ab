import { fingerprint, makeKeyPair, type KeyPair, type SigningSpec } from './crypto.js';
import type { Journal } from './node.js';

/** A signing key in the KMS. */
export interface KmsKey extends KeyPair {
  readonly spec: SigningSpec;
}

/**
 * The key management service of a sandbox. Its key ids are the fingerprints of the public keys, as those of
 * Canton's mock driver are. It outlives every participant.
 */
export class Kms {
  private readonly keys = new Map<string, KmsKey>();

  constructor(private readonly journal: Journal) {
    for (const record of journal.replay('kms')) this.apply(record);
  }

  /** Makes a key and returns it. */
  generate(spec: SigningSpec, seed: string): KmsKey {
    const key = { ...makeKeyPair(spec, seed), spec };
    this.write({ kind: 'generated', key });
    return key;
  }

  /** Returns the key of an id, if the KMS has it. */
  find(id: string): KmsKey | undefined {
    return this.keys.get(id);
  }

  /** Forgets every key it has now. The nodes still list theirs. */
  loseKeys(): void {
    this.write({ kind: 'lost' });
  }

  /** Lists the ids of its keys. */
  ids(): string[] {
    return [...this.keys.keys()];
  }

  private write(record: KmsRecord): void {
    this.journal.append('kms', record);
    this.apply(record);
  }

  private apply(record: KmsRecord): void {
    if (record.kind === 'lost') this.keys.clear();
    else this.keys.set(fingerprint(record.key.publicKey), record.key);
  }
}

/** What befell its keys. */
export type KmsRecord = { readonly kind: 'generated'; readonly key: KmsKey } | { readonly kind: 'lost' };
