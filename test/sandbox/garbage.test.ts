import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { decodeBlob } from '../../sandbox/ledger/contract.js';
import { records } from '../../sandbox/repair/framing.js';
import { definitions, encode, methodTypes, type Message } from '../../sandbox/wire.js';
import { errorDetails } from '../conformance/outcome.js';
import { isEveryBoundary } from '../support/boundaries.js';
import { NAMES, sampleDar, startHalf, type Half, type Refused } from './half-support.js';
import { AUTHORIZED, quickSandbox } from './wire-client.js';

const REPAIR = 'ParticipantRepairService';
const dars = [{ bytes: sampleDar('lab-iou'), description: 'lab-iou-1.0.0.dar' }];

/** What protobufjs, OpenSSL, fflate and the language itself say. */
const LIBRARY =
  /index out of range|wire type \d|illegal (tag|buffer)|is not a function|undefined|asn1|DECODER|invalid zip|TypeError/i;

/** The snapshot of one contract, not compressed, and where in it the contract's blob lies. */
async function oneContract(source: Half): Promise<{ raw: Buffer; blob: { from: number; to: number } }> {
  const chunks = await source.stream(REPAIR, 'ExportAcs', {
    synchronizer_id: NAMES.A.logicalId,
    ledger_offset: String(source.control.ledger.end),
    contract_synchronizer_renames: {
      [NAMES.A.logicalId]: { target_synchronizer_id: NAMES.B.logicalId },
    },
  });
  const raw = gunzipSync(Buffer.concat(chunks.map((chunk) => chunk['chunk'] as Buffer)));
  async function* whole() {
    yield raw;
  }
  for await (const { blob } of records(whole())) {
    const from = raw.indexOf(blob);
    return { raw, blob: { from, to: from + blob.length } };
  }
  throw new Error('the export is empty');
}

/** How a byte is flipped; CI flips each byte in one of these ways, in turn. */
const MASKS = [0x01, 0x80, 0xff];

// A blob that does not decode is no message, one that decodes is no content of its contract id: never anything else.
test('repair: a blob with a flipped byte is refused with the error id of its kind, wherever the byte is', async (t) => {
  const contracts = {
    count: 1,
    packageName: 'lab-iou',
    parties: [NAMES.alice, NAMES.bob],
    partiesPerContract: 2,
    paddingBytes: 0,
    synchronizer: NAMES.A.logicalId,
  };
  const source = await startHalf(t, { name: 'pold', seed: { dars, contracts: [contracts] } });
  const target = await startHalf(t, { name: 'pnew', seed: { dars, contracts: [] } });
  const { raw, blob } = await oneContract(source);

  const attempt = async (at: number, mask: number): Promise<string> => {
    const flipped = Buffer.from(raw);
    flipped[at] = (flipped[at] ?? 0) ^ mask;
    const message = {
      acs_snapshot: gzipSync(flipped),
      contract_import_mode: 'CONTRACT_IMPORT_MODE_VALIDATION',
      synchronizer_id: NAMES.B.logicalId,
      workflow_id_prefix: 'mig-p1',
    };
    return target.upload(REPAIR, 'ImportAcs', [message]).then(
      () => 'taken',
      ({ code, errorId, message, metadata }: Refused) => {
        assert.doesNotMatch(`${message} ${metadata['reason'] ?? ''}`, LIBRARY, `byte ${at - blob.from}`);
        return `${code} ${errorId ?? message}`;
      },
    );
  };
  const undecodable = 'INVALID_ARGUMENT PROTO_DESERIALIZATION_FAILURE';
  const notAuthentic = 'INVALID_ARGUMENT IMPORT_ACS_ERROR';

  const ranges = rangesOf(raw.subarray(blob.from, blob.to));
  for (let at = 0; at < blob.to - blob.from; at++) {
    for (const mask of MASKS.filter((_, which) => isEveryBoundary || which === at % MASKS.length)) {
      const answer = await attempt(blob.from + at, mask);
      const where = `byte ${at} ^ ${mask}`;
      assert.ok([undecodable, notAuthentic].includes(answer), `${where}: ${answer}`);
      // A text with a single odd byte is no UTF-8; the salt may be anything.
      if (at < ranges.version || (ranges.isText(at) && mask === 0x80)) {
        assert.equal(answer, undecodable, where);
      }
      if (ranges.isSalt(at)) assert.equal(answer, notAuthentic, where);
    }
  }
  assert.equal(target.control.ledger.end, 0);
});

/** Where in a blob its version ends, and which of its bytes are of texts and of the salt. */
function rangesOf(blob: Buffer) {
  const { salt, template, signatories } = decodeBlob(blob);
  const spans = (part: string | Uint8Array) => {
    const from = blob.indexOf(part);
    return (at: number) => at >= from && at < from + Buffer.byteLength(part);
  };
  const texts = [template.packageName, template.moduleName, signatories[0] ?? ''].map(spans);
  return {
    version: 2 + '2.1'.length,
    isText: (at: number) => texts.some((within) => within(at)),
    isSalt: spans(salt),
  };
}

const GARBAGE = [Buffer.from('garbage bytes'), Buffer.alloc(0), Buffer.alloc(40, 0xff)];

/** What a request has to hold beside the bytes, so that the sandbox comes to read them. */
const AROUND: Readonly<Record<string, Message>> = {
  ImportAcs: {
    contract_import_mode: 'CONTRACT_IMPORT_MODE_VALIDATION',
    synchronizer_id: 'somewhere::1220',
  },
  Authorize: { store: AUTHORIZED },
  AddTransactions: { store: AUTHORIZED },
  SignTransactions: { store: AUTHORIZED },
  proposal: { change: 'TOPOLOGY_CHANGE_OP_ADD_REPLACE' },
  proposals: { store: AUTHORIZED, operation: 'TOPOLOGY_CHANGE_OP_ADD_REPLACE' },
  namespace_delegation: { namespace: '1220' },
  owner_to_key_mapping: { member: 'PAR::a::1220' },
  party_to_participant: { party: 'a::1220' },
};

// Every rpc of canton/proto with bytes somewhere in its request, found in the definitions: none can be forgotten.
test('sandbox: garbage in any bytes field is answered in words of Canton, never in those of a library', async (t) => {
  const { addresses } = await quickSandbox(t);
  const fields = bytesFields();
  assert.ok(fields.length > 25, `${fields.length} fields found`);

  const answers = new Map<string, string>();
  for (const { rpc, path } of fields) {
    const method = rpc.split('/')[1] ?? '';
    const field = `${method} ${path.map(({ name }) => name).join('.')}`;
    for (const bytes of GARBAGE) {
      const api = rpc.startsWith('com.daml.') ? 'ledger' : 'admin';
      const answer = await answerTo(
        addresses.target[api],
        rpc,
        holding(AROUND[method] ?? {}, path, bytes),
      );
      assert.doesNotMatch(answer, LIBRARY, field);
      // Whatever is wrong is the client's doing.
      assert.doesNotMatch(answer, /^(INTERNAL|UNIMPLEMENTED)/, field);
      if (bytes === GARBAGE[0]) answers.set(field, answer);
    }
  }

  const mapping = (message: string) => [
    `${message}.namespace_delegation.target_key.public_key`,
    `${message}.owner_to_key_mapping.public_keys.signing_public_key.public_key`,
    `${message}.owner_to_key_mapping.public_keys.encryption_public_key.public_key`,
    `${message}.party_to_participant.party_signing_keys.keys.public_key`,
  ];
  for (const field of [
    'ImportPublicKey public_key',
    'AddTransactions transactions.transaction',
    'SignTransactions transactions.transaction',
    ...mapping('Authorize proposal.mapping'),
    ...mapping('GenerateTransactions proposals.mapping'),
  ]) {
    assert.match(answers.get(field) ?? '', /^INVALID_ARGUMENT PROTO_DESERIALIZATION_FAILURE/, field);
  }
  assert.match(answers.get('UploadDar dars.bytes') ?? '', /^INVALID_ARGUMENT INVALID_DAR/);
});

/** Services that this sandbox has nothing of. */
const IS_OF_210 = /\.v0\.|ledger\.api\.v1\./;

/** Lists every rpc of `canton/proto` with a path to a bytes field of its request. */
function bytesFields(): { rpc: string; path: protobuf.Field[] }[] {
  const walk = (one: protobuf.ReflectionObject): { rpc: string; path: protobuf.Field[] }[] => {
    if (one instanceof protobuf.Service) {
      if (IS_OF_210.test(one.fullName)) return [];
      return one.methodsArray.flatMap((method) =>
        pathsIn(method.resolvedRequestType).map((path) => ({
          rpc: `${one.fullName.slice(1)}/${method.name}`,
          path,
        })),
      );
    }
    return one instanceof protobuf.Namespace ? one.nestedArray.flatMap(walk) : [];
  };
  return walk(definitions());
}

function pathsIn(type: protobuf.Type | null, above: readonly protobuf.Type[] = []): protobuf.Field[][] {
  if (!type || above.includes(type)) return [];
  return type.fieldsArray.flatMap((field) => {
    if (field.type === 'bytes') return [[field]];
    if (!(field.resolvedType instanceof protobuf.Type)) return [];
    return pathsIn(field.resolvedType, [...above, type]).map((rest) => [field, ...rest]);
  });
}

/** A request with bytes at a path, and around them what `AROUND` says. */
function holding(around: Message, [first, ...rest]: readonly protobuf.Field[], bytes: Buffer): Message {
  if (!first) throw new Error('a path has at least one field');
  const value = rest.length === 0 ? bytes : holding(AROUND[first.name] ?? {}, rest, bytes);
  return { ...around, [first.name]: first.repeated ? [value] : value };
}

/** Makes one call with one message, however the method streams; returns the status, the error id, text and reason. */
function answerTo(address: string, rpc: string, request: Message): Promise<string> {
  const { request: type, isRequestStream, isResponseStream } = methodTypes(rpc);
  const client = new Client(address, credentials.createInsecure());
  const body = encode(type, request);
  const same = (bytes: Buffer) => bytes;
  return new Promise<string>((resolve) => {
    const done = (error: ServiceError | null) => {
      if (!error) return resolve('OK');
      const trailer = error.metadata?.get('grpc-status-details-bin')[0] as Buffer | undefined;
      const info = errorDetails(trailer).find((one) => one.type === 'google.rpc.ErrorInfo')?.content;
      const { reason = '', metadata = {} } = (info ?? {}) as {
        reason?: string;
        metadata?: Record<string, string>;
      };
      resolve(`${status[error.code]} ${reason} ${error.details} ${metadata['reason'] ?? ''}`);
    };
    const options = { deadline: Date.now() + 10_000 };
    if (isResponseStream) {
      const stream = client.makeServerStreamRequest(
        `/${rpc}`,
        same,
        same,
        body,
        new Metadata(),
        options,
      );
      stream
        .on('error', done)
        .on('end', () => done(null))
        .resume();
    } else if (isRequestStream) {
      const stream = client.makeClientStreamRequest(
        `/${rpc}`,
        same,
        same,
        new Metadata(),
        options,
        done,
      );
      stream.end(body);
    } else {
      client.makeUnaryRequest(`/${rpc}`, same, same, body, new Metadata(), options, done);
    }
  }).finally(() => client.close());
}
