// Original file: com/digitalasset/canton/participant/admin/v0/participant_repair_service.proto


export interface ImportAcsRequest {
  'acs_snapshot'?: (Buffer | Uint8Array | string);
  'workflow_id_prefix'?: (string);
  'onboarded_parties'?: (string)[];
}

export interface ImportAcsRequest__Output {
  'acs_snapshot'?: (Buffer);
  'workflow_id_prefix'?: (string);
  'onboarded_parties': (string)[];
}
