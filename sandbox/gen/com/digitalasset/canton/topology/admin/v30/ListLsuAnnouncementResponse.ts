// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_read_service.proto

import type { BaseResult as _com_digitalasset_canton_topology_admin_v30_BaseResult, BaseResult__Output as _com_digitalasset_canton_topology_admin_v30_BaseResult__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/BaseResult.js';
import type { LsuAnnouncement as _com_digitalasset_canton_protocol_v30_LsuAnnouncement, LsuAnnouncement__Output as _com_digitalasset_canton_protocol_v30_LsuAnnouncement__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/LsuAnnouncement.js';

export interface _com_digitalasset_canton_topology_admin_v30_ListLsuAnnouncementResponse_Result {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult | null);
  'item'?: (_com_digitalasset_canton_protocol_v30_LsuAnnouncement | null);
}

export interface _com_digitalasset_canton_topology_admin_v30_ListLsuAnnouncementResponse_Result__Output {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult__Output);
  'item'?: (_com_digitalasset_canton_protocol_v30_LsuAnnouncement__Output);
}

export interface ListLsuAnnouncementResponse {
  'results'?: (_com_digitalasset_canton_topology_admin_v30_ListLsuAnnouncementResponse_Result)[];
}

export interface ListLsuAnnouncementResponse__Output {
  'results': (_com_digitalasset_canton_topology_admin_v30_ListLsuAnnouncementResponse_Result__Output)[];
}
