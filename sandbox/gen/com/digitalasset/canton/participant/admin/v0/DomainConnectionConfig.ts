// Original file: com/digitalasset/canton/participant/admin/v0/domain_connectivity.proto

import type { SequencerConnection as _com_digitalasset_canton_domain_api_v0_SequencerConnection, SequencerConnection__Output as _com_digitalasset_canton_domain_api_v0_SequencerConnection__Output } from '../../../../../../com/digitalasset/canton/domain/api/v0/SequencerConnection.js';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../../google/protobuf/Duration.js';
import type { DomainTimeTrackerConfig as _com_digitalasset_canton_time_admin_v0_DomainTimeTrackerConfig, DomainTimeTrackerConfig__Output as _com_digitalasset_canton_time_admin_v0_DomainTimeTrackerConfig__Output } from '../../../../../../com/digitalasset/canton/time/admin/v0/DomainTimeTrackerConfig.js';

export interface DomainConnectionConfig {
  'domain_alias'?: (string);
  'sequencerConnections'?: (_com_digitalasset_canton_domain_api_v0_SequencerConnection)[];
  'manual_connect'?: (boolean);
  'domain_id'?: (string);
  'priority'?: (number);
  'initialRetryDelay'?: (_google_protobuf_Duration | null);
  'maxRetryDelay'?: (_google_protobuf_Duration | null);
  'timeTracker'?: (_com_digitalasset_canton_time_admin_v0_DomainTimeTrackerConfig | null);
  'sequencerTrustThreshold'?: (number);
}

export interface DomainConnectionConfig__Output {
  'domain_alias'?: (string);
  'sequencerConnections': (_com_digitalasset_canton_domain_api_v0_SequencerConnection__Output)[];
  'manual_connect'?: (boolean);
  'domain_id'?: (string);
  'priority'?: (number);
  'initialRetryDelay'?: (_google_protobuf_Duration__Output);
  'maxRetryDelay'?: (_google_protobuf_Duration__Output);
  'timeTracker'?: (_com_digitalasset_canton_time_admin_v0_DomainTimeTrackerConfig__Output);
  'sequencerTrustThreshold'?: (number);
}
