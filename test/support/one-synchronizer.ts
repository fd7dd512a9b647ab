import { setTimeout as wait } from 'node:timers/promises';
import type { TestContext } from 'node:test';

import type { Participant } from '../../model/participant-access.js';
import { CantonError } from '../../canton/errors.js';
import { connectOperator } from './operator.js';
import type { PartyAuthorization, PartyMapping } from '../../model/participant.js';
import { QUICK_TIMING, startSandbox, type Sandbox, type ScenarioChange } from '../../sandbox/index.js';
import { namespaceOf } from './topology-changes.js';

/** Source and target on one synchronizer, with the clients of both and what each step of the live route needs. */
export interface OneSynchronizer {
  sandbox: Sandbox;
  source: Participant;
  target: Participant;
  alias: string;
  /** Its store, and its logical id. */
  store: { synchronizerId: string };
  /** Three of the source's local parties. */
  parties: string[];
}

const IOU = { name: 'lab-iou', version: '1.0.0', isVetted: true } as const;

/** Starts a small sandbox with both nodes on the source's synchronizer; it ends with the test. */
export async function startOneSynchronizer(
  t: TestContext,
  { timing, ...change }: ScenarioChange = {},
): Promise<OneSynchronizer> {
  const sandbox = await startSandbox({
    scenario: {
      contracts: { count: 12, sharedWithForeign: 0 },
      parties: { local: 3, multiHosted: 0, external: 0, decentralized: 0, foreign: 1 },
      source: { dars: [IOU] },
      target: { synchronizers: ['source'], dars: [IOU] },
      ...change,
      timing: { ...QUICK_TIMING, ...timing },
    },
  });
  const { alias, logicalId: synchronizerId } = sandbox.synchronizers.source.info;
  const client = (role: 'source' | 'target') => {
    const { admin, ledger } = sandbox.addresses[role];
    const made = connectOperator(role, { admin: { address: admin }, ledger: { address: ledger } });
    t.after(() => made.close());
    return made;
  };
  const source = client('source');
  const target = client('target');
  t.after(() => sandbox.close());
  const namespace = namespaceOf(sandbox.participants.source.uid);
  const parties = sandbox.participants.source
    .parties(alias)
    .map(({ party }) => party)
    .filter((party) => party.endsWith(`::${namespace}`));
  return { sandbox, source, target, alias, store: { synchronizerId }, parties };
}

/** What a party's mapping is to become: hosted by the target too, with the flag. */
export async function arriving(
  { sandbox, source, store }: OneSynchronizer,
  party: string,
): Promise<PartyMapping> {
  const [mapping] = await source.topology.listPartyMappings(store, { party });
  if (!mapping) throw new Error(`${party} has no mapping`);
  const { uid: participantUid } = sandbox.participants.target;
  const host = { participantUid, permission: 'submission', isOnboarding: true } as const;
  return { ...mapping, hosts: [...mapping.hosts, host], serial: mapping.serial + 1 };
}

/** Proposes the parties on the source, and takes the target off the synchronizer. Returns its ledger end then. */
export async function propose(nodes: OneSynchronizer, parties = nodes.parties): Promise<string> {
  const { source, target, store, alias } = nodes;
  for (const party of parties)
    await source.topology.proposePartyHosting(store, await arriving(nodes, party));
  await until(async () => (await listProposals(nodes)).length === parties.length);
  await target.synchronizers.setManualConnect(alias, true);
  await target.synchronizers.disconnect(alias);
  return target.ledger.readLedgerEnd();
}

/** Lets the target sign the open proposals, adds them on the source at once, and waits until it hosts the parties too. */
export async function activate(
  nodes: OneSynchronizer,
  parties = nodes.parties,
): Promise<PartyAuthorization[]> {
  const { source, target, store, sandbox } = nodes;
  const beginExclusive = await source.ledger.readLedgerEnd();
  const proposals = await listProposals(nodes);
  const signed = await target.signing.addSignatures(proposals.map((one) => one.signed));
  await source.topology.addTransactions(signed, store);
  return until(async () => {
    const endInclusive = await source.ledger.readLedgerEnd();
    const events: PartyAuthorization[] = [];
    const range = { parties, beginExclusive, endInclusive };
    for await (const event of source.ledger.scanPartyAuthorizations(range))
      if (event.participantUid === sandbox.participants.target.uid) events.push(event);
    return events.length === parties.length && events;
  });
}

/** Moves the ACS of the parties at an offset of the source into the target. */
export async function copy(
  { source, target, store }: OneSynchronizer,
  parties: string[],
  offset: string,
): Promise<void> {
  const { synchronizerId } = store;
  await target.repair.importAcs({
    chunks: source.repair.exportAcs({ parties, synchronizerId, offset }),
    synchronizerId,
    workflowIdPrefix: 'live',
    mode: 'validation',
  });
}

/** All of it: proposals, activation, a complete import, and the target connected again. */
export async function arrive(nodes: OneSynchronizer): Promise<{ n0: string; activatedAt: string }> {
  const n0 = await propose(nodes);
  const events = await activate(nodes);
  const { offset, recordTime } = events[0]!;
  await copy(nodes, nodes.parties, offset);
  await nodes.target.synchronizers.reconnect(nodes.alias);
  return { n0, activatedAt: recordTime };
}

/** Makes an event of the synchronizer that a node sees, and only that node. */
export async function ping({ store }: OneSynchronizer, node: Participant): Promise<void> {
  const participantUid = await node.health.readUid();
  const answer = await node.health.ping({ participantUid, ...store, timeoutMs: 1_000 });
  if ('failure' in answer) throw new Error(answer.failure);
}

/** Asks a condition every few milliseconds, at most five seconds. */
export async function until<T>(condition: () => Promise<T | false | undefined>): Promise<T> {
  const limit = performance.now() + 5_000;
  for (;;) {
    const found = await condition();
    if (found !== false && found !== undefined) return found;
    if (performance.now() > limit) throw new Error('the condition did not come true within 5 s');
    await wait(5);
  }
}

function listProposals({ source, store, sandbox }: OneSynchronizer) {
  const namespace = namespaceOf(sandbox.participants.source.uid);
  return source.topology.listSignedPartyProposals(store, namespace);
}

/** What a request to clear a flag is answered by once the node has proposed it: asked again, it says no more. */
export function onItsWay(error: unknown): { isOnboarded: boolean } {
  if (error instanceof CantonError && error.errorId === 'TOPOLOGY_MAPPING_ALREADY_EXISTS')
    return { isOnboarded: false };
  throw error;
}
