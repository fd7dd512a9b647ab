// Original file: com/digitalasset/canton/admin/participant/v30/active_contract.proto


export interface ActiveContract {
  'active_contract'?: (Buffer | Uint8Array | string);
}

export interface ActiveContract__Output {
  'active_contract'?: (Buffer);
}
