// Original file: com/digitalasset/canton/version/v1/untyped_versioned_message.proto


export interface UntypedVersionedMessage {
  'data'?: (Buffer | Uint8Array | string);
  'version'?: (number);
  'wrapper'?: "data";
}

export interface UntypedVersionedMessage__Output {
  'data'?: (Buffer);
  'version'?: (number);
  'wrapper'?: "data";
}
