// Original file: com/digitalasset/canton/participant/admin/v0/active_contract.proto


export interface ActiveContract {
  'protocol_version'?: (number);
  'domain_id'?: (string);
  'contract'?: (Buffer | Uint8Array | string);
}

export interface ActiveContract__Output {
  'protocol_version'?: (number);
  'domain_id'?: (string);
  'contract'?: (Buffer);
}
