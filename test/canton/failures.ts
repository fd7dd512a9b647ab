import { create, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { Metadata, type ServiceError } from '@grpc/grpc-js';

import {
  ErrorInfoSchema,
  RequestInfoSchema,
  RetryInfoSchema,
  StatusSchema,
} from '../../canton/gen/google/rpc/status_pb.js';
import type { Recording } from './recordings.js';

/** What grpc-js rejects with for a call that failed. */
export function failure(
  code: number,
  details: string,
  trailers: Metadata = new Metadata(),
): ServiceError {
  return Object.assign(new Error(details), { code, details, metadata: trailers });
}

/** A recorded failure as grpc-js would give it: code, text and trailers, nothing else. */
export function recordedFailure({ error }: Recording): ServiceError {
  if (!error) throw new Error('this call did not fail');
  const trailers = new Metadata();
  for (const [key, value] of error.trailers ?? [statusTrailer(error)]) {
    trailers.add(key, value.startsWith('b64:') ? Buffer.from(value.slice(4), 'base64') : value);
  }
  return failure(error.code_number, error.message, trailers);
}

/** The trailer of a recording that kept only its meaning. */
function statusTrailer({ status_details: kept }: NonNullable<Recording['error']>): [string, string] {
  const details = (kept?.details ?? []).map(({ '@type': type, ...fields }) => {
    if (type === 'google.rpc.ErrorInfo')
      return anyPack(ErrorInfoSchema, create(ErrorInfoSchema, fields));
    if (type === 'google.rpc.RetryInfo') return anyPack(RetryInfoSchema, create(RetryInfoSchema));
    const requestId = fields['request_id'] as string;
    return anyPack(RequestInfoSchema, create(RequestInfoSchema, { requestId }));
  });
  const bytes = toBinary(StatusSchema, create(StatusSchema, { code: kept?.code ?? 0, details }));
  return ['grpc-status-details-bin', `b64:${Buffer.from(bytes).toString('base64')}`];
}
