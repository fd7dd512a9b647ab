import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { CallLog } from '../../sandbox/calls.js';
import { systemClock } from '../../sandbox/clock.js';
import { Faults } from '../../sandbox/faults.js';
import { GrpcServer } from '../../sandbox/grpc.js';
import { openJournal } from '../../sandbox/journal.js';
import { createLedgerHalf } from '../../sandbox/ledger/half.js';
import type {
  LedgerNode,
  ContractSeed,
  LedgerSettings,
  SynchronizerInfo,
  TopologyPort,
} from '../../sandbox/node.js';
import { decode, DECODING, protoFiles, protoFolder, type Message } from '../../sandbox/wire.js';

const PARTICIPANT = 'com.digitalasset.canton.admin.participant.v30';
const LEDGER = 'com.daml.ledger.api.v2';

const FP = (digit: string) => `1220${digit.repeat(64)}`;

/** Identifiers the tests of the ledger half share. */
export const NAMES = {
  A: { alias: 'A', logicalId: `syncA::${FP('a')}`, physicalId: `syncA::${FP('a')}::34-0` },
  B: { alias: 'B', logicalId: `syncB::${FP('b')}`, physicalId: `syncB::${FP('b')}::34-0` },
  alice: `Alice::${FP('c')}`,
  bob: `Bob::${FP('c')}`,
  carol: `Carol::${FP('c')}`,
} as const;

/** Reads a sample DAR. */
export function sampleDar(name: 'lab-iou' | 'lab-other'): Buffer {
  return readFileSync(new URL(`../golden/dars/${name}-1.0.0.dar`, import.meta.url));
}

/** A topology whose state the test sets by hand. */
class FakeTopology implements TopologyPort {
  registrations: SynchronizerInfo[] = [NAMES.A, NAMES.B];
  connections: SynchronizerInfo[] = [];
  joined = new Set<string>([NAMES.A.logicalId, NAMES.B.logicalId]);
  vettedIds = new Map<string, Set<string>>();
  unknownParties = new Set<string>();

  constructor(readonly uid: string) {}

  registered = () => this.registrations;
  connected = () => this.connections;
  find = (key: string) =>
    this.registrations.find((one) => [one.alias, one.logicalId, one.physicalId].includes(key));
  hasJoined = (logicalId: string) => this.joined.has(logicalId);
  hosts = (_logicalId: string, party: string) => (this.unknownParties.has(party) ? [] : [this.uid]);
  hosting = (logicalId: string, party: string) =>
    this.hosts(logicalId, party).map((participant_uid) => ({
      participant_uid,
      permission: 'PARTICIPANT_PERMISSION_SUBMISSION' as const,
    }));
  threshold = () => 1;
  order = () => undefined;
  vetted = (logicalId: string) => this.vettedIds.get(logicalId) ?? new Set<string>();
  vet = async (logicalId: string, packageIds: readonly string[]) => {
    this.vettedIds.set(logicalId, new Set(packageIds));
  };
  knownParties = () => new Map([[this.uid, true]]);
  allocateParty = async (hint: string) => `${hint}::${this.uid.split('::')[1]}`;
}

/** A refused call as the client sees it. */
export interface Refused {
  readonly code: string;
  readonly message: string;
  readonly errorId: string | undefined;
  readonly metadata: Record<string, string>;
  /** Types of the other details, sorted. */
  readonly details: string[];
}

let root: grpc.GrpcObject | undefined;

/** Returns the client of a service given by full name. */
export function clientType(service: string): grpc.ServiceClientConstructor {
  root ??= grpc.loadPackageDefinition(
    loadSync(protoFiles(), { ...DECODING, keepCase: true, includeDirs: [protoFolder()] }),
  );
  let found: unknown = root;
  for (const part of service.split('.')) found = (found as Record<string, unknown>)[part];
  return found as grpc.ServiceClientConstructor;
}

/** What a half holds at its first start. */
export interface LedgerSeed {
  readonly dars: readonly { readonly bytes: Buffer; readonly description: string }[];
  readonly contracts: readonly ContractSeed[];
}

interface Options {
  readonly name?: string;
  readonly uid?: string;
  readonly seed?: LedgerSeed;
  readonly settings?: Partial<LedgerSettings>;
}

/** Opens the half from what its folder holds, seeding it the first time. */
async function openHalf(folder: string, topology: FakeTopology, died: string[], options: Options) {
  const name = options.name ?? 'pold';
  const journal = openJournal(folder);
  const node: LedgerNode = {
    name,
    uid: topology.uid,
    version: '3.5.10-SNAPSHOT',
    journal,
    topology,
    clock: systemClock(),
    settings: {
      importMicrosPerContract: 0,
      acceptMicrosPerContract: 0,
      pingMs: 1,
      failedPingMs: 1,
      importCallMs: 0,
      cancelledRepairMs: 100,
      ...options.settings,
    },
    die: (reason) => void died.push(reason),
  };
  const half = createLedgerHalf(node);
  if (journal.isNew) {
    for (const { bytes, description } of options.seed?.dars ?? [])
      half.control.packages.add(bytes, description);
    for (const contracts of options.seed?.contracts ?? []) half.control.seed(contracts);
  }
  const shared = { participant: name, calls: new CallLog(), faults: new Faults(() => undefined) };
  const admin = new GrpcServer({ ...shared, api: 'admin' });
  const ledger = new GrpcServer({ ...shared, api: 'ledger' });
  admin.register(half.adminServices);
  ledger.register(half.ledgerServices);
  const ports = { admin: await admin.listen(0), ledger: await ledger.listen(0) };
  const stop = async () => {
    half.close();
    journal.close();
    await Promise.all([admin.cut(), ledger.cut()]);
  };
  return { half, stop, ports };
}

/** Starts a ledger half behind two real ports, on a fake topology. */
export async function startHalf(t: TestContext, options: Options = {}) {
  const name = options.name ?? 'pold';
  const folder = mkdtempSync(join(tmpdir(), 'half-'));
  const topology = new FakeTopology(options.uid ?? `${name}::${FP('d')}`);
  const died: string[] = [];
  let run: Awaited<ReturnType<typeof openHalf>> = await openHalf(folder, topology, died, options);
  t.after(async () => {
    await run.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const client = (service: string) => {
    const full = service.includes('.') ? service : resolve(service);
    const api: Api = full.startsWith(LEDGER) ? 'ledger' : 'admin';
    const Client = clientType(full);
    return new Client(`127.0.0.1:${run.ports[api]}`, grpc.credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1,
    });
  };
  return {
    topology,
    died,
    folder,
    get control() {
      return run.half.control;
    },
    get port() {
      return run.half.port;
    },
    client,
    /** Stops it like `kill -9` and starts it again from its journal. */
    restart: async () => {
      await run.stop();
      run = await openHalf(folder, topology, died, options);
    },
    connect: (...synchronizers: SynchronizerInfo[]) => {
      topology.connections = synchronizers;
      if (synchronizers.length > 0) run.half.port.onConnecting();
    },
    disconnect: () => {
      for (const one of topology.connections) run.half.port.onDisconnected(one);
      topology.connections = [];
    },
    unary: (service: string, method: string, request: Message = {}) =>
      using(client(service), (one) => unaryCall(one, method, request)),
    stream: (service: string, method: string, request: Message = {}) =>
      using(client(service), (one) => streamCall(one, method, request)),
    upload: (service: string, method: string, requests: readonly Message[]) =>
      using(client(service), (one) => uploadCall(one, method, requests)),
  };
}

type Api = 'admin' | 'ledger';

function resolve(service: string): string {
  if (['StateService', 'UpdateService', 'CommandService', 'VersionService'].includes(service)) {
    return `${LEDGER}.${service}`;
  }
  if (/^(PartyManagement|UserManagement|IdentityProviderConfig)Service$/.test(service)) {
    return `${LEDGER}.admin.${service}`;
  }
  return `${PARTICIPANT}.${service}`;
}

async function using<T>(client: grpc.Client, work: (client: grpc.Client) => Promise<T>): Promise<T> {
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

type Method = (...args: unknown[]) => unknown;
const methodOf = (client: grpc.Client, method: string) =>
  (client as unknown as Record<string, Method>)[method]!.bind(client);

function unaryCall(client: grpc.Client, method: string, request: Message): Promise<Message> {
  return new Promise((done, fail) => {
    methodOf(client, method)(request, (error: grpc.ServiceError | null, response: Message) =>
      error ? fail(refused(error)) : done(response),
    );
  });
}

function uploadCall(
  client: grpc.Client,
  method: string,
  requests: readonly Message[],
): Promise<Message> {
  return new Promise((done, fail) => {
    const call = methodOf(
      client,
      method,
    )((error: grpc.ServiceError | null, response: Message) =>
      error ? fail(refused(error)) : done(response),
    ) as grpc.ClientWritableStream<Message>;
    for (const request of requests) call.write(request);
    call.end();
  });
}

async function streamCall(client: grpc.Client, method: string, request: Message): Promise<Message[]> {
  const call = methodOf(client, method)(request) as grpc.ClientReadableStream<Message>;
  const received: Message[] = [];
  call.on('error', () => undefined);
  try {
    for await (const message of call) received.push(message as Message);
  } catch (error) {
    throw Object.assign(refused(error as grpc.ServiceError), { received });
  }
  return received;
}

/** Reads the structured error out of the trailers. */
export function refused(error: grpc.ServiceError): Error & Refused {
  const bytes = error.metadata?.get('grpc-status-details-bin')[0] as Buffer | undefined;
  return Object.assign(new Error(error.details), readRefusal(error, bytes));
}

/** Reads a structured error from its status and the bytes of its details. */
export function readRefusal(
  error: { code: number; details: string },
  bytes: Buffer | undefined,
): Refused {
  const details = bytes ? ((decode('google.rpc.Status', bytes)['details'] ?? []) as Message[]) : [];
  const info = details.find((one) => String(one['type_url']).endsWith('ErrorInfo'));
  const parsed = info && decode('google.rpc.ErrorInfo', info['value'] as Buffer);
  return {
    code: grpc.status[error.code] ?? '',
    message: error.details,
    errorId: parsed?.['reason'],
    metadata: parsed?.['metadata'] ?? {},
    details: details.map((one) => String(one['type_url'])).sort(),
  };
}

/** Waits for a condition, at most five seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const limit = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > limit) throw new Error('the condition did not come true');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A started ledger half. */
export type Half = Awaited<ReturnType<typeof startHalf>>;
