// Original file: com/digitalasset/canton/admin/participant/v30/participant_repair_service.proto

import type { ExportAcsTargetSynchronizer as _com_digitalasset_canton_admin_participant_v30_ExportAcsTargetSynchronizer, ExportAcsTargetSynchronizer__Output as _com_digitalasset_canton_admin_participant_v30_ExportAcsTargetSynchronizer__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/ExportAcsTargetSynchronizer.js';
import type { Long } from '@grpc/proto-loader';

export interface ExportAcsRequest {
  'party_ids'?: (string)[];
  'synchronizer_id'?: (string);
  'ledger_offset'?: (number | string | Long);
  'contract_synchronizer_renames'?: ({[key: string]: _com_digitalasset_canton_admin_participant_v30_ExportAcsTargetSynchronizer});
  'excluded_stakeholder_ids'?: (string)[];
}

export interface ExportAcsRequest__Output {
  'party_ids': (string)[];
  'synchronizer_id'?: (string);
  'ledger_offset'?: (string);
  'contract_synchronizer_renames'?: ({[key: string]: _com_digitalasset_canton_admin_participant_v30_ExportAcsTargetSynchronizer__Output});
  'excluded_stakeholder_ids': (string)[];
}
