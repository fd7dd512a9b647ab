// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_read_service.proto

import type { BaseResult as _com_digitalasset_canton_topology_admin_v30_BaseResult, BaseResult__Output as _com_digitalasset_canton_topology_admin_v30_BaseResult__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/BaseResult.js';
import type { SynchronizerTrustCertificate as _com_digitalasset_canton_protocol_v30_SynchronizerTrustCertificate, SynchronizerTrustCertificate__Output as _com_digitalasset_canton_protocol_v30_SynchronizerTrustCertificate__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/SynchronizerTrustCertificate.js';

export interface _com_digitalasset_canton_topology_admin_v30_ListSynchronizerTrustCertificateResponse_Result {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult | null);
  'item'?: (_com_digitalasset_canton_protocol_v30_SynchronizerTrustCertificate | null);
}

export interface _com_digitalasset_canton_topology_admin_v30_ListSynchronizerTrustCertificateResponse_Result__Output {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult__Output);
  'item'?: (_com_digitalasset_canton_protocol_v30_SynchronizerTrustCertificate__Output);
}

export interface ListSynchronizerTrustCertificateResponse {
  'results'?: (_com_digitalasset_canton_topology_admin_v30_ListSynchronizerTrustCertificateResponse_Result)[];
}

export interface ListSynchronizerTrustCertificateResponse__Output {
  'results': (_com_digitalasset_canton_topology_admin_v30_ListSynchronizerTrustCertificateResponse_Result__Output)[];
}
