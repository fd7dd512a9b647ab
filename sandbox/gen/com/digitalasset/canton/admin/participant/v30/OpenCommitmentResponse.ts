// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto


export interface OpenCommitmentResponse {
  'chunk'?: (Buffer | Uint8Array | string);
}

export interface OpenCommitmentResponse__Output {
  'chunk'?: (Buffer);
}
