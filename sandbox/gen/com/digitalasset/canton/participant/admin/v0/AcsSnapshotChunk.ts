// Original file: com/digitalasset/canton/participant/admin/v0/participant_repair_service.proto


export interface AcsSnapshotChunk {
  'chunk'?: (Buffer | Uint8Array | string);
}

export interface AcsSnapshotChunk__Output {
  'chunk'?: (Buffer);
}
