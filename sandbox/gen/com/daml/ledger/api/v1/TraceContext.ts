// Original file: com/daml/ledger/api/v1/transaction.proto

import type { StringValue as _google_protobuf_StringValue, StringValue__Output as _google_protobuf_StringValue__Output } from '../../../../../google/protobuf/StringValue.js';

export interface TraceContext {
  'traceparent'?: (_google_protobuf_StringValue | null);
  'tracestate'?: (_google_protobuf_StringValue | null);
}

export interface TraceContext__Output {
  'traceparent'?: (_google_protobuf_StringValue__Output);
  'tracestate'?: (_google_protobuf_StringValue__Output);
}
