import { CallLog } from '../calls.js';
import { systemClock } from '../clock.js';
import { Faults } from '../faults.js';
import { apiInfoService } from '../identity.js';
import { buildDar } from '../dar.js';
import { GrpcServer } from '../grpc.js';
import { connect, connectivityServices } from './connectivity-service.js';
import { newContract, type Contract } from './contracts.js';
import { Domain } from './domain.js';
import { ledgerServices } from './ledger-services.js';
import { nodeServices } from './node-services.js';
import { packageServices, parseDar } from './package-service.js';
import { Participant210 } from './participant.js';
import { repairServices } from './repair-service.js';
import { topologyServices } from './topology-service.js';
import { userServices } from './user-services.js';

/** What a sandbox of Canton 2.10 is made of. */
export interface Scenario210 {
  readonly seed?: string;
  readonly contracts?: {
    readonly count?: number;
    readonly keyed?: number;
    readonly paddingBytes?: number;
  };
  readonly parties?: { readonly local?: number };
  /** Protocol versions of both domains, and of the transactions that the source wrote at its start. */
  readonly protocolVersions?: { readonly source?: 5 | 7; readonly target?: 5 | 7 };
  readonly edition?: 'community' | 'enterprise';
}

const ALIASES = { source: 'acme', target: 'da' } as const;
const DARS = [
  { name: 'AdminWorkflowsWithVacuuming', moduleName: 'AdminWorkflows', isOnTarget: true },
  { name: 'lab-iou-1.0', moduleName: 'LabIou', isOnTarget: false },
  { name: 'lab-keyed-1.0', moduleName: 'LabKeyed', isOnTarget: false },
];

/** A participant of the sandbox, as tests see it. */
export class Node210 {
  private servers: GrpcServer[] = [];
  private ports = { admin: 0, ledger: 0 };

  constructor(
    readonly participant: Participant210,
    private readonly shared: { calls: CallLog; faults: Faults; clock: ReturnType<typeof systemClock> },
  ) {}

  get uid(): string {
    return this.participant.uid;
  }

  /** `host:port` of both APIs, the same after every restart. */
  get addresses(): { admin: string; ledger: string } {
    return { admin: `127.0.0.1:${this.ports.admin}`, ledger: `127.0.0.1:${this.ports.ledger}` };
  }

  /** Opens the ports, and connects where it is not told to wait. Source: canton-2.10 H, item 9. */
  async start(): Promise<void> {
    const { participant, shared } = this;
    const { calls, faults, clock } = shared;
    const of = (api: 'admin' | 'ledger') =>
      new GrpcServer({ participant: participant.options.name, calls, faults, api });
    const [admin, ledger] = [of('admin'), of('ledger')];
    admin.register({
      ...apiInfoService('admin-api'),
      ...nodeServices(participant, clock),
      ...topologyServices(participant),
      ...connectivityServices(participant),
      ...packageServices(participant),
      ...repairServices(participant),
    });
    ledger.register({
      ...apiInfoService('ledger-api'),
      ...ledgerServices(participant),
      ...userServices(participant),
    });
    this.servers = [admin, ledger];
    for (const entry of participant.domains) if (!entry.isManualConnect) connect(participant, entry);
    this.ports = {
      admin: await admin.listen(this.ports.admin),
      ledger: await ledger.listen(this.ports.ledger),
    };
  }

  /** Ends the process: what is on disk stays. */
  async kill(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.cut()));
    this.servers = [];
    this.participant.forget();
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** What is active for the participant, published or not. */
  active(): Contract[] {
    return [...this.participant.contracts.values()].filter(({ state }) => state === 'active');
  }

  /** Takes the root key off the node, as an operator does who keeps it offline; returns it as PEM, PKCS#8. */
  takeRootKey(): string {
    const { namespaceKey, keys } = this.participant;
    keys.delete(namespaceKey.id);
    return namespaceKey.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  }

  /** The aliases that it is connected to. */
  connected(): string[] {
    return this.participant.domains.filter((its) => its.isConnected).map(({ alias }) => alias);
  }

  /** A client of the source or the target archives a contract. Fails where its parties are not hosted. */
  archive(id: string): void {
    const { participant } = this;
    const contract = participant.contracts.get(id);
    const entry = participant.domains.find(({ domain }) => domain.id === contract?.domain);
    if (contract?.state !== 'active' || !entry?.isConnected) throw new Error(`${id} is not active here`);
    for (const party of contract.signatories)
      if (!entry.domain.hosts(party).has(participant.uid))
        throw new Error(`${party} is not hosted here`);
    if (!contract.hasKey) {
      participant.brokenFor = contract.domain;
      void this.kill();
      throw new Error('Unknown keys are to be reassigned');
    }
    contract.state = 'archived';
    participant.append({ workflowId: '', created: [], archived: [id] });
  }
}

/** A running sandbox of Canton 2.10. */
export interface Sandbox210 {
  readonly source: Node210;
  readonly target: Node210;
  readonly domains: { readonly source: Domain; readonly target: Domain };
  readonly parties: readonly string[];
  readonly calls: CallLog;
  readonly faults: Faults;
  readonly addresses: Record<'source' | 'target', { admin: string; ledger: string }>;
  close(): Promise<void>;
}

/** Starts two participants of Canton 2.10, each on a domain of its own. */
export async function startSandbox210(scenario: Scenario210 = {}): Promise<Sandbox210> {
  const { seed = 'sandbox-210', edition = 'community' } = scenario;
  const versions = { source: 7, target: 7, ...scenario.protocolVersions };
  const domains = {
    source: new Domain('domA', versions.source, seed),
    target: new Domain('domB', versions.target, seed),
  };
  const calls = new CallLog();
  const nodes = new Map<string, Node210>();
  const faults = new Faults((name) => void nodes.get(name)?.restart());
  const clock = systemClock();
  const make = (role: 'source' | 'target') => {
    const initialProtocolVersion = versions[role];
    const participant = new Participant210({ name: role, seed, initialProtocolVersion, edition });
    register(participant, ALIASES[role], domains[role]);
    for (const dar of DARS) if (role === 'source' || dar.isOnTarget) upload(participant, dar);
    const node = new Node210(participant, { calls, faults, clock });
    nodes.set(role, node);
    return node;
  };
  const [source, target] = [make('source'), make('target')];
  const parties = seedParties(source.participant, scenario.parties?.local ?? 3);
  await source.start();
  await target.start();
  seedContracts(source.participant, domains.source, parties, scenario);
  return {
    source,
    target,
    domains,
    parties,
    calls,
    faults,
    addresses: { source: source.addresses, target: target.addresses },
    close: async () => {
      await Promise.all([source.kill(), target.kill()]);
    },
  };
}

function register(participant: Participant210, alias: string, domain: Domain): void {
  const config = {
    domain_alias: alias,
    sequencerConnections: [{ grpc: { connections: [`http://127.0.0.1:1/${domain.name}`] } }],
    timeTracker: { observationLatency: { nanos: 250_000_000 } },
    sequencerTrustThreshold: 1,
  };
  participant.domains.push({ alias, domain, config, isManualConnect: false, isConnected: false });
}

function upload(participant: Participant210, { name, moduleName }: (typeof DARS)[number]): void {
  const dar = parseDar(
    buildDar({ name: name.replace(/-1\.0$/, ''), version: '1.0.0', moduleName }),
    name,
  );
  participant.dars.set(dar.hash, dar);
  participant.authorize({
    vetted_packages: { participant: participant.uid, package_ids: [...dar.packages] },
  });
}

function seedParties(participant: Participant210, count: number): string[] {
  const namespace = participant.namespaceKey.id;
  return Array.from({ length: count }, (_, at) => {
    const party = `party-${at}::${namespace}`;
    participant.authorize({
      party_to_participant: {
        side: 'Both',
        party,
        participant: participant.uid,
        permission: 'Submission',
      },
    });
    return party;
  });
}

function seedContracts(
  participant: Participant210,
  domain: Domain,
  parties: readonly string[],
  { contracts: { count = 20, keyed = 0, paddingBytes = 40 } = {} }: Scenario210,
): void {
  if (parties.length === 0) return;
  const mains = new Map([...participant.dars.values()].map(({ name, main }) => [name, main]));
  for (let number = 0; number < count + keyed; number++) {
    const isKeyed = number >= count;
    const contract = newContract(
      {
        number,
        packageId: mains.get(isKeyed ? 'lab-keyed-1.0' : 'lab-iou-1.0') ?? '',
        owner: parties[number % parties.length] ?? '',
        observer: parties[(number + 1) % parties.length] ?? '',
        isKeyed,
        paddingBytes,
      },
      domain.id,
    );
    participant.contracts.set(contract.id, contract);
    participant.append({ workflowId: '', created: [contract.id], archived: [] });
  }
}
