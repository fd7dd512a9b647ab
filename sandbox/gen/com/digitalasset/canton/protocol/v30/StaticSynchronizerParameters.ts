// Original file: com/digitalasset/canton/protocol/v30/synchronizer_parameters.proto

import type { RequiredSigningSpecs as _com_digitalasset_canton_crypto_v30_RequiredSigningSpecs, RequiredSigningSpecs__Output as _com_digitalasset_canton_crypto_v30_RequiredSigningSpecs__Output } from '../../../../../com/digitalasset/canton/crypto/v30/RequiredSigningSpecs.js';
import type { RequiredEncryptionSpecs as _com_digitalasset_canton_crypto_v30_RequiredEncryptionSpecs, RequiredEncryptionSpecs__Output as _com_digitalasset_canton_crypto_v30_RequiredEncryptionSpecs__Output } from '../../../../../com/digitalasset/canton/crypto/v30/RequiredEncryptionSpecs.js';

export interface StaticSynchronizerParameters {
  'required_signing_specs'?: (_com_digitalasset_canton_crypto_v30_RequiredSigningSpecs | null);
  'required_encryption_specs'?: (_com_digitalasset_canton_crypto_v30_RequiredEncryptionSpecs | null);
}

export interface StaticSynchronizerParameters__Output {
  'required_signing_specs'?: (_com_digitalasset_canton_crypto_v30_RequiredSigningSpecs__Output);
  'required_encryption_specs'?: (_com_digitalasset_canton_crypto_v30_RequiredEncryptionSpecs__Output);
}
