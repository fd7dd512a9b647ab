// Original file: com/daml/ledger/api/v1/transaction.proto


export interface TraceContext {
  'traceparent'?: (string);
  'tracestate'?: (string);
  '_traceparent'?: "traceparent";
  '_tracestate'?: "tracestate";
}

export interface TraceContext__Output {
  'traceparent'?: (string);
  'tracestate'?: (string);
  '_traceparent'?: "traceparent";
  '_tracestate'?: "tracestate";
}
