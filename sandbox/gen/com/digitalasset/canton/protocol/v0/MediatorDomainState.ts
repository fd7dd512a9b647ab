// Original file: com/digitalasset/canton/protocol/v0/topology.proto

import type { RequestSide as _com_digitalasset_canton_protocol_v0_RequestSide, RequestSide__Output as _com_digitalasset_canton_protocol_v0_RequestSide__Output } from '../../../../../com/digitalasset/canton/protocol/v0/RequestSide.js';

export interface MediatorDomainState {
  'side'?: (_com_digitalasset_canton_protocol_v0_RequestSide);
  'domain'?: (string);
  'mediator'?: (string);
}

export interface MediatorDomainState__Output {
  'side'?: (_com_digitalasset_canton_protocol_v0_RequestSide__Output);
  'domain'?: (string);
  'mediator'?: (string);
}
