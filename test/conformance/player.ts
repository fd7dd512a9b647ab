import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import type { Sandbox } from '../../sandbox/index.js';
import { decode, encode, methodTypes, type Message } from '../../sandbox/wire.js';
import { errorDetails, recordedOutcome, type Outcome } from './outcome.js';
import type { RecordedCall, RecordedIds } from './recording.js';

const DEADLINE_MS = 20_000;
const HUNG_MS = 500;
const VERSIONED = 'com.digitalasset.canton.version.v1.UntypedVersionedMessage';
const SIGNED = 'com.digitalasset.canton.protocol.v30.SignedTopologyTransaction';
/** What a node makes up and a later request repeats: contract ids, uuids, times in microseconds. */
const MADE_UP = /^(00[0-9a-f]{64}([0-9a-f]{72})?|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|1[0-9]{15})$/;
const bytesAsIs = (bytes: Buffer) => bytes;

/**
 * Sends recorded requests to a sandbox, with the sandbox's ids in place of the recorded ones, and learns the
 * sandbox's transactions, keys and contract ids from its answers.
 */
export class Player {
  private readonly clients = new Map<string, Client>();
  /** Recorded value -> the sandbox's; bytes as hex. */
  private readonly pairs = new Map<string, string>();
  private readonly texts: [string, string][] = [];

  constructor(
    private readonly sandbox: Sandbox,
    recorded: RecordedIds,
  ) {
    const { participants, synchronizers } = sandbox;
    this.pairIds(recorded.old, participants.source.uid);
    if (participants.target.isInitialized) this.pairIds(recorded.new, participants.target.uid);
    if (recorded.other && participants.fresh) this.pairIds(recorded.other, participants.fresh.uid);
    this.pairIds(recorded.A, synchronizers.source.info.logicalId);
    this.pairIds(recorded.B, synchronizers.target.info.logicalId);
  }

  /** Plays a call and returns what the sandbox answered. */
  async play(call: RecordedCall): Promise<Outcome> {
    const types = methodTypes(call.rpc);
    const list = typeof call.request === 'string' ? [call.request] : (call.request ?? ['']);
    const requests = list.map((one) => {
      const message = this.translated(decode(types.request, Buffer.from(one, 'base64'))) as Message;
      return encode(types.request, message);
    });
    const outcome = await this.send(call, requests, types.response);
    this.learn(recordedOutcome(call).responses, outcome.responses);
    return outcome;
  }

  /** Teaches that a recorded value stands for one of the sandbox. */
  pair(recorded: Buffer | string, own: Buffer | string): void {
    const plain = (value: Buffer | string) =>
      typeof value === 'string' ? value : value.toString('hex');
    this.pairs.set(plain(recorded), plain(own));
  }

  /** Returns the sandbox's bytes for recorded ones; the same, if they stand for none. */
  known(recorded: Buffer): Buffer {
    const found = this.pairs.get(recorded.toString('hex'));
    return found === undefined ? recorded : Buffer.from(found, 'hex');
  }

  /** Lists recorded bytes that stand for some of the sandbox. */
  knownBytes(): Buffer[] {
    return [...this.pairs.keys()]
      .filter((key) => /^([0-9a-f]{2})+$/.test(key))
      .map((key) => Buffer.from(key, 'hex'));
  }

  /** Teaches that the namespace of a recorded uid or synchronizer stands for that of one of the sandbox. */
  pairIds(recorded: string | undefined, own: string): void {
    if (!recorded) return;
    const namespace = (uid: string) => uid.slice(uid.indexOf('::') + 2);
    this.texts.push([namespace(recorded), namespace(own)]);
  }

  /** Closes the connections. */
  close(): void {
    for (const client of this.clients.values()) client.close();
  }

  private translated(value: unknown): unknown {
    if (Buffer.isBuffer(value)) return this.known(value);
    if (typeof value === 'string') {
      const whole = this.pairs.get(value) ?? value;
      return this.texts.reduce((text, [recorded, own]) => text.replaceAll(recorded, own), whole);
    }
    if (Array.isArray(value)) return value.map((one) => this.translated(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [this.translated(key) as string, this.translated(one)]),
    );
  }

  private learn(recorded: unknown, own: unknown): void {
    if (Buffer.isBuffer(recorded) && Buffer.isBuffer(own)) {
      if (recorded.length > 16) this.pair(recorded, own);
      this.learnStored(recorded, own);
    } else if (Array.isArray(recorded) && Array.isArray(own)) {
      recorded.forEach((one, n) => this.learn(one, own[n]));
    } else if (
      typeof recorded === 'object' &&
      recorded !== null &&
      typeof own === 'object' &&
      own !== null
    ) {
      for (const [key, value] of Object.entries(recorded)) this.learn(value, (own as Message)[key]);
    } else if (typeof recorded === 'string' && typeof own === 'string' && MADE_UP.test(recorded)) {
      this.pair(recorded, own);
    }
  }

  /** A stored transaction carries its bytes and signatures inside. */
  private learnStored(recorded: Buffer, own: Buffer): void {
    const [one, other] = [openStored(recorded), openStored(own)];
    if (one && other) this.learn(one, other);
  }

  private async send(call: RecordedCall, requests: Buffer[], type: string): Promise<Outcome> {
    const metadata = new Metadata();
    for (const [key, value] of call.metadata ?? []) metadata.set(key, value);
    const path = `/${call.rpc}`;
    const client = this.client(call.node);
    // What hung until its client gave up is not waited for as long again.
    const limitMs = call.status === 'DEADLINE_EXCEEDED' ? HUNG_MS : DEADLINE_MS;
    const options = { deadline: Date.now() + limitMs };
    const answers: Buffer[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        const done = (error: ServiceError | null, answer?: Buffer) => {
          if (answer) answers.push(answer);
          if (error) reject(error);
          else resolve();
        };
        if (call.kind === 'client-stream') {
          const stream = client.makeClientStreamRequest(
            path,
            bytesAsIs,
            bytesAsIs,
            metadata,
            options,
            done,
          );
          for (const request of requests) stream.write(request);
          stream.end();
        } else if (call.kind === 'server-stream') {
          const [request = Buffer.alloc(0)] = requests;
          const stream = client.makeServerStreamRequest(
            path,
            bytesAsIs,
            bytesAsIs,
            request,
            metadata,
            options,
          );
          stream.on('data', (answer: Buffer) => answers.push(answer));
          stream.on('error', reject);
          stream.on('end', resolve);
        } else {
          const [request = Buffer.alloc(0)] = requests;
          client.makeUnaryRequest(path, bytesAsIs, bytesAsIs, request, metadata, options, done);
        }
      });
      return { status: 'OK', responses: answers.map((answer) => decode(type, answer)) };
    } catch (error) {
      const failure = error as ServiceError;
      const trailer = failure.metadata.get('grpc-status-details-bin')[0] as Buffer | undefined;
      const details = errorDetails(trailer);
      return {
        status: status[failure.code],
        responses: [],
        error: { message: failure.details, details },
      };
    }
  }

  private client(node: RecordedCall['node']): Client {
    const port = node.endsWith('-ledger') ? 'ledger' : 'admin';
    const { source, target, fresh } = this.sandbox.addresses;
    const { source: a, target: b } = this.sandbox.synchronizers;
    const [name = ''] = node.split('-');
    const sequencer = { seqA: a, seqB: b }[name]?.adminAddress;
    const address = sequencer ?? { old: source, new: target, other: fresh }[name]?.[port];
    if (!address) throw new Error(`the sandbox has no ${node}`);
    const known = this.clients.get(address);
    if (known) return known;
    const options = { 'grpc.max_receive_message_length': -1 };
    const client = new Client(address, credentials.createInsecure(), options);
    this.clients.set(address, client);
    return client;
  }
}

function openStored(bytes: Buffer) {
  try {
    const outer = decode(VERSIONED, bytes);
    if (outer.version !== 30 || !outer.data) return undefined;
    return decode(SIGNED, outer.data);
  } catch {
    return undefined;
  }
}
