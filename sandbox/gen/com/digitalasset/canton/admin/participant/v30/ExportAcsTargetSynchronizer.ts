// Original file: com/digitalasset/canton/admin/participant/v30/participant_repair_service.proto


export interface ExportAcsTargetSynchronizer {
  'target_synchronizer_id'?: (string);
}

export interface ExportAcsTargetSynchronizer__Output {
  'target_synchronizer_id'?: (string);
}
