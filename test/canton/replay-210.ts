import type { TestContext } from 'node:test';

import {
  create,
  fromBinary,
  toBinary,
  toJson,
  type DescMethod,
  type JsonValue,
} from '@bufbuild/protobuf';
import {
  Metadata,
  status,
  type sendUnaryData,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type UntypedHandleCall,
} from '@grpc/grpc-js';

import type { Participant } from '../../model/participant-access.js';
import { PartyManagementService } from '../../canton/gen/com/daml/ledger/api/v1/admin/party_management_service_pb.js';
import { ParticipantStatusService } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/participant_status_service_pb.js';
import { IdentityInitializationService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v30/initialization_service_pb.js';
import { connectOperator } from '../support/operator.js';
import { recordedFailure } from './failures.js';
import { messagesOf, recordings210, type Recording } from './recordings.js';
import { startServer } from './server.js';
import { SERVICES_210 } from './services-210.js';

/** Who is who in `happy`, `packages` and `limits`. */
export const OLD = '12206c4ac396ae3144f66e8a0c4decc1ad94a92fb78a13b3754bac16d6347550b08a';
export const NEW = '12204c0357181722cc159b7e9e607776bb22e2e4e2e84b7d55de4c1859bed831dfe0';
export const A = 'domA::1220162349f044f1f2ac59c0925e9811d8d624a9f659867f5d0f039f5763f64b5dd6';
export const B = 'domB::12202a53e9ff9b19e3185ff8469d4a483155f25b8d78ad1325618ed545e98426dc9d';
export const PARTIES = ['Alice', 'Bob', 'Carol'].map((name) => `${name}::${OLD}`);

/** What a method answers: a message, those of a stream, or a failed call. */
type Answer = { messages: Uint8Array[] } | { failure: ReturnType<typeof recordedFailure> };

/** A call that came, as its name and its request as JSON with proto field names; a stream is its messages. */
export interface Sent {
  method: string;
  request: JsonValue;
}

const IDENTITY = new Set([
  IdentityInitializationService.method.getId.parent.typeName,
  ParticipantStatusService.typeName,
]);

/** The one recorded call with this file and order. */
export function recording210(file: string, order: number): Recording {
  const found = recordings210().find((each) => each.file === file && each.order === order);
  if (!found) throw new Error(`no recording ${order} in ${file}`);
  return found;
}

/** Its request, as JSON with proto field names. */
export function requestOf210(file: string, order: number): JsonValue {
  return recording210(file, order).request_json;
}

/** What was recorded of a call: its method with its answer. */
export function recorded(file: string, order: number): [DescMethod, Answer] {
  const call = recording210(file, order);
  const [service, name] = call.rpc.split('/');
  const method = SERVICES_210.find(({ typeName }) => typeName === service)?.methods.find(
    (its) => its.name === name,
  );
  if (!method) throw new Error(`${call.rpc} is not declared`);
  if (call.error) return [method, { failure: recordedFailure(call) }];
  const messages = messagesOf(call.response, call.response_json).map(({ bytes }) => bytes);
  return [method, { messages }];
}

/** A call that succeeds with nothing, or with one message. */
export function answering(
  method: DescMethod,
  message: Record<string, unknown> = {},
): [DescMethod, Answer] {
  return [method, { messages: [toBinary(method.output, create(method.output, message))] }];
}

/** A call that nobody answers there. */
export function missing(method: DescMethod): [DescMethod, Answer] {
  const details = `Method not found: ${method.parent.typeName}/${method.name}`;
  const failure = { code: status.UNIMPLEMENTED, details, metadata: new Metadata() };
  return [method, { failure: Object.assign(new Error(details), failure) }];
}

/** Who the old or the new participant of `happy` says it is. */
export function identityOf(node: 'old' | 'new'): [DescMethod, Answer][] {
  const participantId = node === 'old' ? `pold::${OLD}` : `pnew::${NEW}`;
  return [
    missing(IdentityInitializationService.method.getId),
    recorded('happy', node === 'old' ? 3 : 9),
    recorded('happy', node === 'old' ? 2 : 8),
    answering(PartyManagementService.method.getParticipantId, { participantId }),
  ];
}

/**
 * Connects to a participant of Canton 2.10 that answers as given, a method that is given several times with one after the
 * other. `sent` is what it was asked beside who it is.
 */
export async function connect210(
  t: TestContext,
  answers: [DescMethod, Answer][],
  identity: [DescMethod, Answer][] = identityOf('old'),
): Promise<{ participant: Participant; sent: Sent[]; asked: string[]; traces: string[] }> {
  const sent: Sent[] = [];
  const asked: string[] = [];
  const traces: string[] = [];
  const byMethod = new Map<DescMethod, Answer[]>();
  for (const [method, answer] of [...answers, ...identity.filter(isNotIn(answers))])
    byMethod.set(method, [...(byMethod.get(method) ?? []), answer]);
  const routes = [...byMethod].map(([method, its]) => ({
    method,
    handle: handlerOf(method, its, (request, metadata) => {
      asked.push(`${method.parent.name}/${method.name}`);
      traces.push(String(metadata.get('traceparent')[0] ?? ''));
      const isIdentity =
        IDENTITY.has(method.parent.typeName) || /^Get(Participant)?Id$/.test(method.name);
      if (!isIdentity) sent.push({ method: method.name, request });
    }),
  }));
  const { address } = await startServer(t, routes);
  const participant = connectOperator('source', { admin: { address }, ledger: { address } });
  t.after(() => participant.close());
  return { participant, sent, asked, traces };
}

function isNotIn(answers: [DescMethod, Answer][]) {
  return ([method]: [DescMethod, Answer]) => !answers.some(([its]) => its === method);
}

function handlerOf(
  method: DescMethod,
  answers: Answer[],
  keep: (request: JsonValue, metadata: Metadata) => void,
): UntypedHandleCall {
  const jsonOf = (bytes: Buffer) =>
    toJson(method.input, fromBinary(method.input, bytes), { useProtoFieldName: true });
  const next = () => (answers.length > 1 ? answers.shift()! : answers[0]!);
  const finish = (reply: sendUnaryData<Buffer>) => {
    const answer = next();
    if ('failure' in answer) reply(answer.failure);
    else reply(null, Buffer.from(answer.messages[0] ?? new Uint8Array()));
  };
  switch (method.methodKind) {
    case 'server_streaming':
      return (call: ServerWritableStream<Buffer, Buffer>) => {
        keep(jsonOf(call.request), call.metadata);
        const answer = next();
        if ('failure' in answer) {
          call.emit('error', answer.failure);
          return;
        }
        for (const message of answer.messages) call.write(Buffer.from(message));
        call.end();
      };
    case 'client_streaming':
      return (call: ServerReadableStream<Buffer, Buffer>, reply: sendUnaryData<Buffer>) => {
        const messages: JsonValue[] = [];
        call.on('data', (bytes: Buffer) => messages.push(jsonOf(bytes)));
        call.on('end', () => {
          keep(messages, call.metadata);
          finish(reply);
        });
      };
    default:
      return (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) => {
        keep(jsonOf(call.request), call.metadata);
        finish(reply);
      };
  }
}
