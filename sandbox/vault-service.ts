import { randomUUID } from 'node:crypto';
import { CantonRefusal, deserializationFailure } from './errors.js';
import { unary, type Services } from './grpc.js';
import { isSigningSpec } from './crypto.js';
import { effectiveUsage, type Vault, type VaultKey } from './vault.js';
import type { Decoded, Encodable } from './wire.js';

type Admin = 'com.digitalasset.canton.crypto.admin.v30';
type Listing = Decoded<`${Admin}.ListMyKeysRequest` | `${Admin}.ListPublicKeysRequest`>;

const MAX_ID = 300;

/** Simulates the VaultService of one participant. Source: admin-api 1.8. */
export function vaultService(vault: Vault): Services {
  return {
    'com.digitalasset.canton.crypto.admin.v30.VaultService': {
      ListMyKeys: unary((request) => ({
        private_keys_metadata: matching(vault, request)
          .filter((key) => key.isOwn)
          .map((key) => ({
            public_key_with_name: withName(key),
            ...(key.kmsKeyId === undefined ? {} : { kms_key_id: key.kmsKeyId }),
          })),
      })),
      ListPublicKeys: unary((request) => ({ public_keys: matching(vault, request).map(withName) })),
      ImportPublicKey: unary((request) => ({
        fingerprint: vault.importPublic(request.public_key ?? Buffer.alloc(0), text(request.name)),
      })),
      GenerateSigningKey: unary((request) => {
        const usage = effectiveUsage(request.usage);
        const spec = request.key_spec;
        if (spec !== undefined && !isSigningSpec(spec))
          throw new Error(`the sandbox makes no key of ${spec}`);
        return { public_key: vault.generateSigning(text(request.name), usage, randomUUID(), spec) };
      }),
      RegisterKmsSigningKey: unary((request) => {
        const usage = effectiveUsage(request.usage);
        const id = text(request.kms_key_id);
        if (id.length > MAX_ID) {
          const cause = `The KMS key id is longer than ${MAX_ID} characters`;
          throw new CantonRefusal({ id: 'INVALID_KMS_KEY_ID', category: 11, cause });
        }
        return { public_key: vault.registerKms(id, text(request.name), usage) };
      }),
    },
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function withName(key: VaultKey): Encodable<'com.digitalasset.canton.crypto.v30.PublicKeyWithName'> {
  const public_key = key.signing
    ? { signing_public_key: key.signing }
    : { encryption_public_key: key.encryption };
  return { public_key, ...(key.name === '' ? {} : { name: key.name }) };
}

/** The fingerprint is compared as a whole, the name as a part. Source: admin-api 1.8. */
function matching(vault: Vault, request: Listing): VaultKey[] {
  const { filters } = request;
  const purpose = filters?.purpose ?? [];
  const usage = filters?.usage ?? [];
  if (purpose.includes('KEY_PURPOSE_ENCRYPTION') && usage.length > 0) {
    throw deserializationFailure(
      'InvariantViolation(filters,usage filters do not apply to encryption keys)',
    );
  }
  return vault.list().filter((key) => {
    const kind = key.signing ? 'KEY_PURPOSE_SIGNING' : 'KEY_PURPOSE_ENCRYPTION';
    if (filters?.fingerprint && key.fingerprint !== filters.fingerprint) return false;
    if (filters?.name && !key.name.includes(filters.name)) return false;
    if (purpose.length > 0 && !purpose.includes(kind)) return false;
    return usage.length === 0 || !key.signing || key.signing.usage.some((one) => usage.includes(one));
  });
}
