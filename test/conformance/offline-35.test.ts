import assert from 'node:assert/strict';
import test from 'node:test';
import { Client, credentials } from '@grpc/grpc-js';
import type { Sandbox, ScenarioChange } from '../../sandbox/index.js';
import { decode, encode, methodTypes, type Message } from '../../sandbox/wire.js';
import { normalize, recordedOutcome, type Outcome } from './outcome.js';
import { loadRecording, type RecordedCall } from './recording.js';
import { isEarlyPoll, lastPoll, playAll, stage } from './stage.js';

/** The contracts on the source, and the order of the call that read them. */
const CONTRACTS = 40;

/** The orders of the calls that read the ledger ends before the transfer: what follows names offsets. */
const ENDS = { source: 39, target: 42 };

/** The last call reads the updates of the target, up to an absolute offset. */
const UPDATES = 53;
const UPDATES_END = 46;

/** The state that each recording begins with: protocol versions of A and B, and where the target keeps its keys. */
const RECORDED = {
  'pv35-happy-kms': { source: 35, target: 35, isKmsBacked: true },
  'pv34-to-35-offline': { source: 34, target: 35, isKmsBacked: false },
} as const;

for (const [file, { source, target, isKmsBacked }] of Object.entries(RECORDED)) {
  // The whole of it on one sandbox: topology, transfer, and use on the other synchronizer. Source: networks A, items A1 and A3.
  test(`${file}.jsonl: the migration answers as recorded, from the first read to the use of what was moved`, async (t) => {
    const at = await stage(t, file, scenario(source, target, isKmsBacked));
    await createRecorded(at.sandbox, file);
    await playAll(file, at, {
      only: (call) => !isEarlyPoll(call),
      poll: [lastPoll(file)],
      before: {
        [ENDS.source]: () => fillTo(at.sandbox, 'source', recordedEnd(file, ENDS.source)),
        [ENDS.target]: () => fillTo(at.sandbox, 'target', recordedEnd(file, ENDS.target)),
      },
      differences: { [UPDATES]: 'compared below, without the contract of the ping' },
    });
    const updates = callOf(file, UPDATES);
    await fillTo(at.sandbox, 'target', UPDATES_END);
    const read = await at.player.play(updates);
    assert.deepEqual(normalize(read), normalize(withoutPing(recordedOutcome(updates))));
  });
}

/** A real node pings itself with a contract of its own, which its update stream shows; the sandbox's leaves none. */
function withoutPing({ responses, ...outcome }: Outcome): Outcome {
  const isPing = ({ transaction }: Message) =>
    /-ping-/.test(String((transaction as Message | undefined)?.['command_id']));
  const kept = responses.filter((one) => !isPing(one));
  assert.equal(responses.length - kept.length, 2);
  return { ...outcome, responses: kept };
}

function scenario(source: 34 | 35, target: 34 | 35, isKmsBacked: boolean): ScenarioChange {
  return {
    target: { name: 'pnew', isKmsBacked, dars: [{ name: 'lab-iou', version: '1.0.0', isVetted: true }] },
    contracts: { count: 0 },
    synchronizers: {
      source: { alias: 'A', name: 'syncA', url: 'http://127.0.0.1:5101', protocolVersion: source },
      target: { alias: 'B', name: 'syncB', url: 'http://127.0.0.1:5201', protocolVersion: target },
    },
  };
}

/** Creates on the source what the recorded one had, through its Ledger API. */
async function createRecorded({ addresses, participants }: Sandbox, file: string): Promise<void> {
  const read = callOf(file, CONTRACTS);
  const { response } = methodTypes(read.rpc);
  const client = new Client(addresses.source.ledger, credentials.createInsecure());
  const namespace = participants.source.uid.split('::')[1]!;
  try {
    for (const [n, bytes] of [read.response ?? []].flat().entries()) {
      const { active_contract } = decode(response, Buffer.from(bytes, 'base64'));
      const event = (active_contract as Message)['created_event'] as Message;
      await submit(client, movedTo(namespace, commandOf(event, n)) as Message);
    }
  } finally {
    client.close();
  }
}

function commandOf(event: Message, n: number): Message {
  const { template_id, create_arguments, signatories } = event;
  return {
    commands: {
      act_as: (signatories as string[]).slice(0, 1),
      command_id: `c${n}`,
      user_id: 'lab',
      commands: [{ create: { template_id, create_arguments } }],
    },
  };
}

function submit(client: Client, message: Message): Promise<void> {
  const { request } = methodTypes('com.daml.ledger.api.v2.CommandService/SubmitAndWait');
  const path = '/com.daml.ledger.api.v2.CommandService/SubmitAndWait';
  const asIs = (bytes: Buffer) => bytes;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, asIs, asIs, encode(request, message), (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** The same with the parties in another namespace. */
function movedTo(namespace: string, value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/::1220[0-9a-f]{64}$/, `::${namespace}`);
  if (Array.isArray(value)) return value.map((one) => movedTo(namespace, one));
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, movedTo(namespace, one)]));
}

/** Brings a node to a ledger end. */
async function fillTo({ participants }: Sandbox, role: 'source' | 'target', end: number): Promise<void> {
  const { ledger } = participants[role].ledger;
  const missing = Array.from({ length: end - ledger.end }, () => ({ synchronizerId: 'syncB::1220' }));
  ledger.commit(missing);
}

function recordedEnd(file: string, order: number): number {
  return Number(recordedOutcome(callOf(file, order)).responses[0]?.['offset']);
}

function callOf(file: string, order: number): RecordedCall {
  return loadRecording(file).find((call) => call.order === order)!;
}
