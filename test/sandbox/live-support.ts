import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import * as grpc from '@grpc/grpc-js';
import { QUICK_TIMING, type ParticipantView, type Sandbox } from '../../sandbox/index.js';
import type { ScenarioChange } from '../../sandbox/index.js';
import type { Message } from '../../sandbox/wire.js';
import { until } from '../conformance/states.js';
import { clientType, refused } from './half-support.js';
import { AUTHORIZED, call, delegationProposal, quickSandbox, rootOf } from './wire-client.js';

const ADMIN = 'com.digitalasset.canton.admin.participant.v30';
const LEDGER = 'com.daml.ledger.api.v2';
const SUBMISSION = 'PARTICIPANT_PERMISSION_SUBMISSION';
const IOU = { package_id: '#lab-iou', module_name: 'LabIou', entity_name: 'Iou' };
const DARS = ['lab-iou', 'lab-other'].map((name) => ({ name, version: '1.0.0', isVetted: true }));
const FORCE_LEAVE = ['FORCE_FLAG_DISABLE_PARTY_WITH_ACTIVE_CONTRACTS'];

/** Both nodes on the synchronizer of the source, three parties on the source that share contracts. */
export function liveScenario(change: ScenarioChange = {}): ScenarioChange {
  return {
    // These calls are made once: nobody waits for a node that is starting.
    timing: { ...QUICK_TIMING, storesMs: 0 },
    parties: { local: 3, multiHosted: 0, external: 0, decentralized: 0, foreign: 0 },
    contracts: { count: 60 },
    ...change,
    target: { synchronizers: ['source'], isKmsBacked: false, dars: DARS, ...change.target },
  };
}

/** A hosting that took effect, as the source's updates show it. */
export interface Activation {
  readonly parties: readonly string[];
  readonly offset: number;
  readonly recordTime: Message;
}

/** Makes the calls of the live route against a sandbox, one by one. */
export class Live {
  private constructor(readonly sandbox: Sandbox) {}

  static async start(t: TestContext, change: ScenarioChange = {}): Promise<Live> {
    return new Live(await quickSandbox(t, liveScenario(change)));
  }

  /** Brings a started sandbox under these calls. */
  static on(sandbox: Sandbox): Live {
    return new Live(sandbox);
  }

  get source(): ParticipantView {
    return this.sandbox.participants.source;
  }

  get target(): ParticipantView {
    return this.sandbox.participants.target;
  }

  get logicalId(): string {
    return this.sandbox.synchronizers.source.info.logicalId;
  }

  get store(): Message {
    return { synchronizer: { id: this.logicalId } };
  }

  /** The parties of the source, sorted. */
  get parties(): string[] {
    return this.source
      .parties('acme')
      .map(({ party }) => party)
      .sort();
  }

  mapping(party: string, hosts: readonly Message[]): Message {
    return { party_to_participant: { party, threshold: 1, participants: hosts } };
  }

  host(view: ParticipantView, isOnboarding = false): Message {
    const host = { participant_uid: view.uid, permission: SUBMISSION };
    return isOnboarding ? { ...host, onboarding: {} } : host;
  }

  /** Proposes on a node; returns the signed transaction. */
  async authorize(view: ParticipantView, mapping: Message, extra: Message = {}): Promise<Message> {
    const proposal = { change: 'TOPOLOGY_CHANGE_OP_ADD_REPLACE', mapping };
    const body = { proposal, must_fully_authorize: true, store: this.store, ...extra };
    return (await call(view.adminAddress, 'write', 'Authorize', body))['transaction'] as Message;
  }

  /** Step 2. */
  propose(parties = this.parties): Promise<Message[]> {
    const hosts = [this.host(this.source), this.host(this.target, true)];
    return Promise.all(
      parties.map((party) =>
        this.authorize(this.source, this.mapping(party, hosts), { must_fully_authorize: false }),
      ),
    );
  }

  /** Steps 1 and 4; returns the ledger end of the target. */
  async cutOff(): Promise<number> {
    await this.setManual(true);
    await call(this.target.adminAddress, 'synchronizers', 'DisconnectAllSynchronizers');
    return this.target.ledger.ledger.end;
  }

  async setManual(manual_connect: boolean): Promise<void> {
    const address = this.target.adminAddress;
    const listed = await call(address, 'synchronizers', 'ListRegisteredSynchronizers');
    for (const { config } of listed['results'] as { config: Message }[]) {
      const new_config = { ...config, manual_connect };
      await call(address, 'synchronizers', 'ModifySynchronizer', { new_config });
    }
  }

  /** Step 5. */
  async sign(transactions: readonly Message[]): Promise<Message[]> {
    const body = { transactions, store: AUTHORIZED };
    const answer = await call(this.target.adminAddress, 'write', 'SignTransactions', body);
    return answer['transactions'] as Message[];
  }

  /** Steps 6 and 7; the groups, in the order of time. */
  async activate(transactions: readonly Message[], parties = this.parties): Promise<Activation[]> {
    const begin = this.source.ledger.ledger.end;
    const body = { transactions, store: this.store };
    await call(this.source.adminAddress, 'write', 'AddTransactions', body);
    return until(
      () => this.activations(begin, parties),
      (found) => found.flatMap((one) => one.parties).length === parties.length,
    );
  }

  /** The event by which a host with the flag shows. Source: networks A, item A2. */
  private get activation(): string {
    const is34 = this.sandbox.synchronizers.source.protocolVersion === 34;
    return `participant_authorization_${is34 ? 'added' : 'onboarding'}`;
  }

  async activations(begin: number, parties: readonly string[]): Promise<Activation[]> {
    const events = await this.topologyUpdates(this.source, begin, parties);
    return events.map(({ offset, record_time, events: all }) => ({
      offset: Number(offset),
      recordTime: record_time as Message,
      parties: (all as Message[])
        .map((event) => event[this.activation] as Message | undefined)
        .filter((activated) => activated?.['participant_id'] === this.target.uid)
        .map((activated) => activated?.['party_id'] as string),
    }));
  }

  topologyUpdates(
    view: ParticipantView,
    begin: number,
    parties: readonly string[] = [],
  ): Promise<Message[]> {
    const include_topology_events = { include_participant_authorization_events: { parties } };
    return this.updates(view, begin, { include_topology_events }).then((all) =>
      all.map((update) => update['topology_transaction'] as Message),
    );
  }

  /** Ledger transactions after an offset, for any party. */
  transactions(view: ParticipantView, begin: number): Promise<Message[]> {
    const filters_for_any_party = { cumulative: [{ wildcard_filter: {} }] };
    const event_format = { filters_for_any_party };
    const transaction_shape = 'TRANSACTION_SHAPE_ACS_DELTA';
    const include_transactions = { event_format, transaction_shape };
    return this.updates(view, begin, { include_transactions }).then((all) =>
      all.map((update) => update['transaction'] as Message),
    );
  }

  private async updates(view: ParticipantView, begin: number, update_format: Message) {
    const end = view.ledger.ledger.end;
    if (end <= begin) return [];
    const request = { begin_exclusive: String(begin), end_inclusive: String(end), update_format };
    return stream(view.ledgerAddress, `${LEDGER}.UpdateService`, 'GetUpdates', request);
  }

  /** Step 8. */
  async export(
    ledger_offset: number,
    party_ids: readonly string[] = this.parties,
    excluded: readonly string[] = [],
  ): Promise<Buffer> {
    const request = {
      party_ids,
      synchronizer_id: this.logicalId,
      ledger_offset: String(ledger_offset),
      excluded_stakeholder_ids: excluded,
    };
    const service = `${ADMIN}.ParticipantRepairService`;
    const chunks = await stream(this.source.adminAddress, service, 'ExportAcs', request);
    return Buffer.concat(chunks.map((one) => one['chunk'] as Buffer));
  }

  /** Step 9. */
  async import(acs_snapshot: Buffer): Promise<void> {
    const contract_import_mode = 'CONTRACT_IMPORT_MODE_VALIDATION';
    const request = { acs_snapshot, synchronizer_id: this.logicalId, contract_import_mode };
    const service = `${ADMIN}.ParticipantRepairService`;
    await upload(this.target.adminAddress, service, 'ImportAcs', request);
  }

  /** Step 10. */
  reconnect(): Promise<void> {
    return this.reconnectTo('acme');
  }

  async reconnectTo(synchronizer_alias: string): Promise<void> {
    const body = { synchronizer_alias, retry: true };
    await call(this.target.adminAddress, 'synchronizers', 'ReconnectSynchronizer', body);
  }

  async disconnect(): Promise<void> {
    const body = { synchronizer_alias: 'acme' };
    await call(this.target.adminAddress, 'synchronizers', 'DisconnectSynchronizer', body);
  }

  /** Steps 1 to 9: everything up to the equality gate; returns the ledger end of the target before. */
  async transfer(parties = this.parties): Promise<{ n0: number; groups: Activation[] }> {
    const proposals = await this.propose(parties);
    const n0 = await this.cutOff();
    const groups = await this.activate(await this.sign(proposals), parties);
    for (const { offset, parties: group } of groups) await this.import(await this.export(offset, group));
    return { n0, groups };
  }

  /** Step 11, by hand: the flag goes, which the target may do alone. */
  async clearFlags(parties = this.parties): Promise<void> {
    const hosts = [this.host(this.source), this.host(this.target)];
    for (const party of parties) await this.authorize(this.target, this.mapping(party, hosts));
    await until(
      async () => this.target.parties('acme'),
      (all) =>
        parties.every((party) =>
          all.some((one) => one.party === party && one.participants.every((host) => !host.onboarding)),
        ),
    );
  }

  /** Step 13 from the source's side: it takes itself off. */
  async removeSource(parties = this.parties): Promise<void> {
    for (const party of parties) {
      const mapping = this.mapping(party, [this.host(this.target)]);
      await this.authorize(this.source, mapping, { force_changes: FORCE_LEAVE });
    }
    await this.untilHosts(parties, [this.target.uid]);
  }

  /** Section 8. */
  async undo(parties = this.parties): Promise<void> {
    for (const party of parties)
      await this.authorize(this.source, this.mapping(party, [this.host(this.source)]));
    await this.untilHosts(parties, [this.source.uid]);
  }

  async untilHosts(parties: readonly string[], uids: readonly string[]): Promise<void> {
    await until(
      async () => parties.map((party) => this.source.hosts(party, 'acme').join()),
      (all) => all.every((hosts) => hosts === uids.join()),
    );
  }

  async purge(contract_ids: readonly string[]): Promise<void> {
    const body = { synchronizer_alias: 'acme', contract_ids, ignore_already_purged: true };
    const service = `${ADMIN}.ParticipantRepairService`;
    await unary(this.target.adminAddress, service, 'PurgeContracts', body);
  }

  countInFlight(view: ParticipantView): Promise<Message> {
    const service = `${ADMIN}.ParticipantInspectionService`;
    return unary(view.adminAddress, service, 'CountInFlight', { synchronizer_id: this.logicalId });
  }

  /** Issues the delegation on the source and loads it into the target. */
  async delegate(alias = 'acme'): Promise<void> {
    const proposal = delegationProposal(this.sandbox);
    const body = { proposal, must_fully_authorize: true, store: AUTHORIZED };
    const answer = await call(this.source.adminAddress, 'write', 'Authorize', body);
    const transactions = [rootOf(this.sandbox), answer['transaction']];
    const load = { transactions, store: AUTHORIZED };
    await call(this.target.adminAddress, 'write', 'AddTransactions', load);
    await until(
      async () => this.target.delegations(alias),
      (found) => found.some((one) => one.restriction === 'all-but-nsd'),
    );
  }
}

/** Submits one command; returns its ledger transaction. */
export async function submit(
  view: ParticipantView,
  actAs: string,
  command: Message,
  command_id = `c-${Math.random()}`,
): Promise<Message> {
  const commands = { act_as: [actAs], command_id, user_id: 'app', commands: [command] };
  const method = 'SubmitAndWaitForTransaction';
  return (await call(view.ledgerAddress, 'commands', method, { commands }))['transaction'] as Message;
}

/** As an application does under whose command the topology changed: Canton says that it may be sent again. */
export async function submitAgain(...sent: Parameters<typeof submit>): Promise<Message> {
  for (;;) {
    try {
      return await submit(...sent);
    } catch (error) {
      if (!(error as { retryable?: boolean }).retryable) throw error;
    }
  }
}

export function create(payer: string, owner: string): Message {
  const values = [{ party: payer }, { party: owner }, { int64: '7' }, { text: 'live' }];
  const create_arguments = { fields: values.map((value) => ({ value })) };
  return { create: { template_id: IOU, create_arguments } };
}

export function settle(contract_id: string): Message {
  const choice_argument = { record: { fields: [] } };
  return { exercise: { template_id: IOU, contract_id, choice: 'Settle', choice_argument } };
}

export function transfer(contract_id: string, owner: string): Message {
  const record = { fields: [{ label: 'newOwner', value: { party: owner } }] };
  return {
    exercise: { template_id: IOU, contract_id, choice: 'Transfer', choice_argument: { record } },
  };
}

/** The contract a transaction creates. */
export function createdIn(transaction: Message): string {
  const events = transaction['events'] as { created?: { contract_id: string } }[];
  const found = events.flatMap((one) => one.created?.contract_id ?? [])[0];
  if (found === undefined) throw new Error('the transaction creates nothing');
  return found;
}

/** Asserts that both nodes have the same active contracts. */
export function assertEqual(live: Live): void {
  assert.deepEqual(live.target.contracts().sort(), live.source.contracts().sort());
}

type Method = (...args: unknown[]) => unknown;

async function using<T>(
  address: string,
  service: string,
  work: (method: (name: string) => Method) => Promise<T>,
): Promise<T> {
  const Client = clientType(service);
  const client = new Client(address, grpc.credentials.createInsecure());
  try {
    return await work((name) => (client as unknown as Record<string, Method>)[name]!.bind(client));
  } finally {
    client.close();
  }
}

function unary(address: string, service: string, name: string, request: Message): Promise<Message> {
  return using(
    address,
    service,
    (method) =>
      new Promise((resolve, reject) => {
        method(name)(request, (error: grpc.ServiceError | null, answer: Message) =>
          error ? reject(refused(error)) : resolve(answer),
        );
      }),
  );
}

function stream(address: string, service: string, name: string, request: Message): Promise<Message[]> {
  return using(address, service, async (method) => {
    const received: Message[] = [];
    try {
      for await (const message of method(name)(request) as AsyncIterable<Message>)
        received.push(message);
    } catch (error) {
      throw refused(error as grpc.ServiceError);
    }
    return received;
  });
}

/** Brings the contracts of one party by `ImportPartyAcs`. */
export async function uploadParty(address: string, request: Message): Promise<void> {
  await upload(address, `${ADMIN}.PartyManagementService`, 'ImportPartyAcs', request);
}

function upload(address: string, service: string, name: string, request: Message): Promise<Message> {
  return using(
    address,
    service,
    (method) =>
      new Promise((resolve, reject) => {
        const sent = method(name)((error: grpc.ServiceError | null, answer: Message) =>
          error ? reject(refused(error)) : resolve(answer),
        ) as grpc.ClientWritableStream<Message>;
        sent.write(request);
        sent.end();
      }),
  );
}
