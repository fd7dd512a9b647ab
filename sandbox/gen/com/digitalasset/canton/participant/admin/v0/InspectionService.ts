// Original file: com/digitalasset/canton/participant/admin/v0/inspection_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { _com_digitalasset_canton_participant_admin_v0_CountInFlight_Request, _com_digitalasset_canton_participant_admin_v0_CountInFlight_Request__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/CountInFlight.js';
import type { _com_digitalasset_canton_participant_admin_v0_LookupContractDomain_Request, _com_digitalasset_canton_participant_admin_v0_LookupContractDomain_Request__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/LookupContractDomain.js';
import type { _com_digitalasset_canton_participant_admin_v0_LookupOffsetByTime_Request, _com_digitalasset_canton_participant_admin_v0_LookupOffsetByTime_Request__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/LookupOffsetByTime.js';
import type { _com_digitalasset_canton_participant_admin_v0_CountInFlight_Response, _com_digitalasset_canton_participant_admin_v0_CountInFlight_Response__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/CountInFlight.js';
import type { _com_digitalasset_canton_participant_admin_v0_LookupContractDomain_Response, _com_digitalasset_canton_participant_admin_v0_LookupContractDomain_Response__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/LookupContractDomain.js';
import type { _com_digitalasset_canton_participant_admin_v0_LookupOffsetByTime_Response, _com_digitalasset_canton_participant_admin_v0_LookupOffsetByTime_Response__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/LookupOffsetByTime.js';

export interface InspectionServiceDefinition {
  CountInFlight: MethodDefinition<_com_digitalasset_canton_participant_admin_v0_CountInFlight_Request, _com_digitalasset_canton_participant_admin_v0_CountInFlight_Response, _com_digitalasset_canton_participant_admin_v0_CountInFlight_Request__Output, _com_digitalasset_canton_participant_admin_v0_CountInFlight_Response__Output>
  LookupContractDomain: MethodDefinition<_com_digitalasset_canton_participant_admin_v0_LookupContractDomain_Request, _com_digitalasset_canton_participant_admin_v0_LookupContractDomain_Response, _com_digitalasset_canton_participant_admin_v0_LookupContractDomain_Request__Output, _com_digitalasset_canton_participant_admin_v0_LookupContractDomain_Response__Output>
  LookupOffsetByTime: MethodDefinition<_com_digitalasset_canton_participant_admin_v0_LookupOffsetByTime_Request, _com_digitalasset_canton_participant_admin_v0_LookupOffsetByTime_Response, _com_digitalasset_canton_participant_admin_v0_LookupOffsetByTime_Request__Output, _com_digitalasset_canton_participant_admin_v0_LookupOffsetByTime_Response__Output>
}
