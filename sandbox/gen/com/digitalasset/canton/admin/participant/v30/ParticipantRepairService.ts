// Original file: com/digitalasset/canton/admin/participant/v30/participant_repair_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { ExportAcsRequest as _com_digitalasset_canton_admin_participant_v30_ExportAcsRequest, ExportAcsRequest__Output as _com_digitalasset_canton_admin_participant_v30_ExportAcsRequest__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/ExportAcsRequest.js';
import type { ExportAcsResponse as _com_digitalasset_canton_admin_participant_v30_ExportAcsResponse, ExportAcsResponse__Output as _com_digitalasset_canton_admin_participant_v30_ExportAcsResponse__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/ExportAcsResponse.js';
import type { ImportAcsRequest as _com_digitalasset_canton_admin_participant_v30_ImportAcsRequest, ImportAcsRequest__Output as _com_digitalasset_canton_admin_participant_v30_ImportAcsRequest__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/ImportAcsRequest.js';
import type { ImportAcsResponse as _com_digitalasset_canton_admin_participant_v30_ImportAcsResponse, ImportAcsResponse__Output as _com_digitalasset_canton_admin_participant_v30_ImportAcsResponse__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/ImportAcsResponse.js';
import type { PurgeContractsRequest as _com_digitalasset_canton_admin_participant_v30_PurgeContractsRequest, PurgeContractsRequest__Output as _com_digitalasset_canton_admin_participant_v30_PurgeContractsRequest__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/PurgeContractsRequest.js';
import type { PurgeContractsResponse as _com_digitalasset_canton_admin_participant_v30_PurgeContractsResponse, PurgeContractsResponse__Output as _com_digitalasset_canton_admin_participant_v30_PurgeContractsResponse__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/PurgeContractsResponse.js';

export interface ParticipantRepairServiceDefinition {
  ExportAcs: MethodDefinition<_com_digitalasset_canton_admin_participant_v30_ExportAcsRequest, _com_digitalasset_canton_admin_participant_v30_ExportAcsResponse, _com_digitalasset_canton_admin_participant_v30_ExportAcsRequest__Output, _com_digitalasset_canton_admin_participant_v30_ExportAcsResponse__Output>
  ImportAcs: MethodDefinition<_com_digitalasset_canton_admin_participant_v30_ImportAcsRequest, _com_digitalasset_canton_admin_participant_v30_ImportAcsResponse, _com_digitalasset_canton_admin_participant_v30_ImportAcsRequest__Output, _com_digitalasset_canton_admin_participant_v30_ImportAcsResponse__Output>
  PurgeContracts: MethodDefinition<_com_digitalasset_canton_admin_participant_v30_PurgeContractsRequest, _com_digitalasset_canton_admin_participant_v30_PurgeContractsResponse, _com_digitalasset_canton_admin_participant_v30_PurgeContractsRequest__Output, _com_digitalasset_canton_admin_participant_v30_PurgeContractsResponse__Output>
}
