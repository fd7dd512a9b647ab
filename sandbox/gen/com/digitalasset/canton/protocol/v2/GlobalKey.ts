// Original file: com/digitalasset/canton/protocol/v2/common.proto


export interface GlobalKey {
  'template_id'?: (Buffer | Uint8Array | string);
  'key'?: (Buffer | Uint8Array | string);
  'package_name'?: (string);
}

export interface GlobalKey__Output {
  'template_id'?: (Buffer);
  'key'?: (Buffer);
  'package_name'?: (string);
}
