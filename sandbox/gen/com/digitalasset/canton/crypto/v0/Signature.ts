// Original file: com/digitalasset/canton/crypto/v0/crypto.proto

import type { SignatureFormat as _com_digitalasset_canton_crypto_v0_SignatureFormat, SignatureFormat__Output as _com_digitalasset_canton_crypto_v0_SignatureFormat__Output } from '../../../../../com/digitalasset/canton/crypto/v0/SignatureFormat.js';

export interface Signature {
  'format'?: (_com_digitalasset_canton_crypto_v0_SignatureFormat);
  'signature'?: (Buffer | Uint8Array | string);
  'signed_by'?: (string);
}

export interface Signature__Output {
  'format'?: (_com_digitalasset_canton_crypto_v0_SignatureFormat__Output);
  'signature'?: (Buffer);
  'signed_by'?: (string);
}
