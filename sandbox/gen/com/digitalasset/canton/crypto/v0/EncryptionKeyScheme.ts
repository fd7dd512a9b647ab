// Original file: com/digitalasset/canton/crypto/v0/crypto.proto

export const EncryptionKeyScheme = {
  MissingEncryptionKeyScheme: 'MissingEncryptionKeyScheme',
  EciesP256HkdfHmacSha256Aes128Gcm: 'EciesP256HkdfHmacSha256Aes128Gcm',
  EciesP256HmacSha256Aes128Cbc: 'EciesP256HmacSha256Aes128Cbc',
  Rsa2048OaepSha256: 'Rsa2048OaepSha256',
} as const;

export type EncryptionKeyScheme =
  | 'MissingEncryptionKeyScheme'
  | 0
  | 'EciesP256HkdfHmacSha256Aes128Gcm'
  | 1
  | 'EciesP256HmacSha256Aes128Cbc'
  | 2
  | 'Rsa2048OaepSha256'
  | 3

export type EncryptionKeyScheme__Output = typeof EncryptionKeyScheme[keyof typeof EncryptionKeyScheme]
