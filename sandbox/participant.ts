import { join } from 'node:path';
import { Backups } from './backup.js';
import type { CallLog } from './calls.js';
import { commitmentHandlers } from './commitments-service.js';
import { defaultConfig } from './connection-config.js';
import type { Connections, ConnectionTiming } from './connections.js';
import { connectivityService, lateUpgrade } from './connectivity.js';
import type { Faults } from './faults.js';
import { GrpcServer, type Services } from './grpc.js';
import { apiInfoService, identityServices, type IdentityPort } from './identity.js';
import {
  completeNode,
  createIdentity,
  givenIdentity,
  identityOf,
  type IdentityOrigin,
} from './initialization.js';
import { openJournal, type ClosableJournal } from './journal.js';
import type { Kms } from './kms.js';
import type { Clock, LedgerSettings, TopologyPort } from './node.js';
import { NodeParts } from './node-parts.js';
import type { ApiScenario } from './scenario.js';
import { statusService } from './status.js';
import type { Synchronizer } from './synchronizer.js';
import { topologyAggregationService } from './topology/aggregation-service.js';
import type { NodeTopology, TopologySettings } from './topology/node-topology.js';
import { topologyReadService } from './topology/read-service.js';
import { topologyWriteService } from './topology/write-service.js';
import { trafficService } from './traffic-service.js';
import type { SigningSpec } from './crypto.js';
import { Vault } from './vault.js';
import { vaultService } from './vault-service.js';

/** What a participant is made of; the same at every start. */
export interface ParticipantSettings extends TopologySettings, ConnectionTiming {
  /** Local name; also the identifier in its uid. */
  readonly name: string;
  readonly isKmsBacked: boolean;
  /** Of the root namespace key; what the node uses by itself if left out. */
  readonly rootKeySpec?: SigningSpec;
  /** If left out, the node makes its root key by itself. */
  readonly identity?: IdentityOrigin;
  readonly version: string;
  readonly seed: string;
  /** How long PackageService and PingService stay unregistered after a start, in milliseconds. */
  readonly lateServicesMs: number;
  /** How long it finds no synchronizer store after a restart, in milliseconds. */
  readonly storesMs: number;
  /** From the activation of a party to the time its onboarding flag may be cleared, in milliseconds. */
  readonly onboardingMs: number;
  /** How long a streaming call of its Admin API may last; 0: without an end. */
  readonly adminStreamMs: number;
  readonly ledger: LedgerSettings;
  /** How its ports are protected. */
  readonly apis: { readonly admin: ApiScenario; readonly ledger: ApiScenario };
}

/** What the participants of a sandbox share. */
export interface Surroundings {
  readonly folder: string;
  readonly clock: Clock;
  readonly kms: Kms;
  readonly synchronizers: readonly Synchronizer[];
  readonly calls: CallLog;
  readonly faults: Faults;
}

/** Ports of a participant on 127.0.0.1; 0 before the first start means any. */
export interface Ports {
  readonly admin: number;
  readonly ledger: number;
}

const INSPECTION = 'com.digitalasset.canton.admin.participant.v30.ParticipantInspectionService';
const PARTIES = 'com.digitalasset.canton.admin.participant.v30.PartyManagementService';
const REPAIR = 'com.digitalasset.canton.admin.participant.v30.ParticipantRepairService';
const LATE = /\.(PackageService|PingService)$/;

/** One run of a participant: what a crash loses. */
class Run {
  readonly journal: ClosableJournal;
  readonly vault: Vault;
  readonly startedAt = BigInt(Date.now()) * 1000n;
  private made: NodeParts | undefined;
  private readonly lateTimers: NodeJS.Timeout[] = [];
  private servers: GrpcServer[] = [];

  constructor(
    readonly settings: ParticipantSettings,
    private readonly around: Surroundings,
    private readonly die: (reason: string) => void,
  ) {
    this.journal = openJournal(join(around.folder, settings.name));
    this.vault = new Vault(this.journal, settings.isKmsBacked ? around.kms : undefined);
    const uid = this.journal.isNew
      ? createIdentity(settings, this.vault, this.journal)
      : identityOf(this.journal);
    if (uid !== undefined) this.made = this.make(uid);
  }

  /** Whether it has an identity; nothing but that and its keys can be asked of it before. */
  get isInitialized(): boolean {
    return this.made !== undefined;
  }

  get uid(): string {
    return this.parts.uid;
  }

  get topology(): NodeTopology {
    return this.parts.topology;
  }

  get connections(): Connections {
    return this.parts.connections;
  }

  get port(): TopologyPort {
    return this.parts.port;
  }

  get half(): NodeParts['half'] {
    return this.parts.half;
  }

  private get parts(): NodeParts {
    if (!this.made) throw new Error(`participant ${this.settings.name} is not initialized`);
    return this.made;
  }

  private make(uid: string): NodeParts {
    return new NodeParts(uid, this, this.around, (reason) => this.die(reason));
  }

  /** Opens both ports, then connects to what the node is not told to leave alone. */
  async open(ports: Ports): Promise<Ports> {
    const { name, apis, adminStreamMs: streamMs } = this.settings;
    const { calls, faults } = this.around;
    const shared = { participant: name, calls, faults };
    const bound = streamMs > 0 && { streamMs };
    const admin = new GrpcServer({ ...shared, api: 'admin', ...bound }, apis.admin);
    const ledger = new GrpcServer({ ...shared, api: 'ledger' }, apis.ledger);
    this.servers = [admin, ledger];
    const opened = { admin: 0, ledger: 0 };
    const complete = () => {
      this.registerAdmin(admin, opened);
      ledger.register({ ...this.half.ledgerServices, ...apiInfoService('ledger-api') });
    };
    this.registerFirst(admin, complete);
    if (this.isInitialized) {
      complete();
      await this.connections.reconnectAll(true);
    }
    opened.admin = await admin.listen(ports.admin);
    if (!this.journal.isNew && this.isInitialized) this.topology.findNothingFor(this.settings.storesMs);
    opened.ledger = await ledger.listen(ports.ledger);
    return opened;
  }

  /** Ends the run at once: connections, timers, memory. */
  async end(): Promise<void> {
    for (const timer of this.lateTimers) clearTimeout(timer);
    this.made?.onboarding.close();
    this.made?.connections.close();
    this.made?.topology.close();
    this.made?.half.close();
    this.journal.close();
    await Promise.all(this.servers.map((server) => server.cut()));
  }

  /** What a node without an identity answers, too; `complete` follows once it has been given one. */
  private registerFirst(server: GrpcServer, complete: () => void): void {
    const { vault, settings, around } = this;
    const identity: IdentityPort = {
      uid: () => this.made?.uid,
      initialize: (request) => {
        const given = givenIdentity(request, { vault, clock: around.clock, uid: this.made?.uid });
        this.journal.append('identity', given.uid);
        this.made = this.make(given.uid);
        completeNode(given, { vault, topology: this.made.topology, seed: settings.seed });
        complete();
      },
    };
    server.register({
      ...apiInfoService('admin-api'),
      ...identityServices(identity, around.clock),
      ...vaultService(vault),
    });
  }

  private registerAdmin(server: GrpcServer, ports: Ports): void {
    const { name, version, lateServicesMs } = this.settings;
    const { uid, topology, connections, startedAt } = this;
    const mine: Services = {
      ...statusService({ uid, version, startedAt, ports: () => ports, connections, topology }),
      ...topologyReadService(topology, { isVersion34: version.startsWith('3.4') }),
      ...topologyWriteService(topology),
      ...topologyAggregationService(topology),
      ...trafficService({ name, uid, topology }),
      ...connectivityService(connections),
    };
    const { adminServices } = this.half;
    const commitments = commitmentHandlers({ uid, topology });
    const both: Services = {
      [INSPECTION]: { ...adminServices[INSPECTION], ...commitments },
      [PARTIES]: { ...adminServices[PARTIES], ...this.parts.onboarding.services()[PARTIES] },
      [REPAIR]: { ...adminServices[REPAIR], ...lateUpgrade(connections) },
    };
    const all = Object.entries({ ...mine, ...adminServices, ...both });
    server.register(
      Object.fromEntries(all.filter(([name]) => lateServicesMs === 0 || !LATE.test(name))),
    );
    if (lateServicesMs === 0) return;
    const late = Object.fromEntries(all.filter(([name]) => LATE.test(name)));
    const timer = setTimeout(() => server.register(late), lateServicesMs);
    timer.unref();
    this.lateTimers.push(timer);
  }
}

/** A simulated participant: both halves behind two ports. It can crash and restart, keeping what is on disk. */
export class Participant {
  private run: Run | undefined;
  private ports: Ports;
  private ending: Promise<void> = Promise.resolve();
  private restartTimer: NodeJS.Timeout | undefined;
  /** Why the node last ended by itself. */
  lastDeath: string | undefined;

  constructor(
    readonly settings: ParticipantSettings,
    private readonly around: Surroundings,
    ports: Ports,
  ) {
    this.ports = ports;
  }

  /** Whether the node runs. */
  get isUp(): boolean {
    return this.run !== undefined;
  }

  /** Its ports, once it has started. */
  get openPorts(): Ports {
    return this.ports;
  }

  /** `host:port` of the Admin API, the same after every restart. */
  get adminAddress(): string {
    return `127.0.0.1:${this.ports.admin}`;
  }

  /** `host:port` of the Ledger API, the same after every restart. */
  get ledgerAddress(): string {
    return `127.0.0.1:${this.ports.ledger}`;
  }

  /** The running node; refuses while it is down. */
  get node(): Run {
    if (!this.run) throw new Error(`participant ${this.settings.name} is down`);
    return this.run;
  }

  /** Starts the node from its journal; `prepare` fills a new one before the ports open. */
  async start(prepare?: (node: Run) => Promise<void>): Promise<void> {
    if (this.run) return;
    clearTimeout(this.restartTimer);
    await this.ending;
    const run = new Run(this.settings, this.around, (reason) => {
      this.lastDeath = reason;
      this.crash();
    });
    this.run = run;
    await prepare?.(run);
    this.ports = await run.open(this.ports);
  }

  /** Ends the node like a kill: nothing is finished, nothing is written any more. */
  crash(restartAfterMs?: number): void {
    const run = this.run;
    this.run = undefined;
    if (run) this.ending = run.end();
    if (restartAfterMs === undefined) return;
    this.restartTimer = setTimeout(() => void this.start(), restartAfterMs);
  }

  /** Crashes the node, if it is up, and starts it again. */
  async restart(): Promise<void> {
    this.crash();
    await this.start();
  }

  /** Copies what the node has on disk, whether it runs or not; returns the name of the copy. */
  backUp(): string {
    return this.backups.take();
  }

  /** Takes the node back to a copy: it ends, if it runs, and starts from the copy. */
  async restore(backup: string): Promise<void> {
    const copy = this.backups.find(backup);
    await this.stop();
    this.backups.putBack(copy);
    await this.start();
  }

  private get backups(): Backups {
    return new Backups(this.around.folder, this.settings.name);
  }

  /** Ends the node for good. */
  async stop(): Promise<void> {
    clearTimeout(this.restartTimer);
    this.crash();
    await this.ending;
  }
}

/** One run of a participant, for what inspects and seeds it. */
export type ParticipantRun = Run;

/** Registers a synchronizer with a new participant and has it connect at the start. */
export function registerWith(run: ParticipantRun, synchronizer: Synchronizer): void {
  const { alias } = synchronizer.info;
  run.connections.register(defaultConfig(alias, synchronizer.url));
}
