import { Connections } from './connections.js';
import type { ClosableJournal } from './journal.js';
import { createLedgerHalf } from './ledger/half.js';
import type { TopologyPort } from './node.js';
import { Onboarding } from './onboarding-service.js';
import type { ParticipantSettings, Surroundings } from './participant.js';
import { NodeTopology } from './topology/node-topology.js';
import { topologyPort } from './topology-port.js';
import type { Vault } from './vault.js';

/** What a node has before it has an identity. */
interface Bare {
  readonly settings: ParticipantSettings;
  readonly journal: ClosableJournal;
  readonly vault: Vault;
}

/** What a node is made of once it has an identity. */
export class NodeParts {
  readonly topology: NodeTopology;
  readonly connections: Connections;
  readonly port: TopologyPort;
  readonly half: ReturnType<typeof createLedgerHalf>;
  readonly onboarding: Onboarding;

  constructor(
    readonly uid: string,
    { settings, journal, vault }: Bare,
    { clock, synchronizers }: Surroundings,
    die: (reason: string) => void,
  ) {
    const { name, version, ledger, onboardingMs } = settings;
    const node = { uid, vault, ledger: () => this.half.port };
    this.topology = new NodeTopology(node, journal, clock, settings);
    const shared = { uid, vault, topology: this.topology, journal };
    this.connections = new Connections({
      ...shared,
      ledger: () => this.half.port,
      synchronizers,
      onConnected: (membership) => this.onboarding.resume(membership),
      timing: settings,
    });
    this.port = topologyPort({
      ...shared,
      clock,
      connections: this.connections,
      onboarding: () => this.onboarding,
    });
    const { port: topology } = this;
    this.half = createLedgerHalf({
      ...{ name, uid, version, journal, topology, clock },
      settings: ledger,
      die,
    });
    this.onboarding = new Onboarding({ ...shared, ledger: () => this.half.port.ledger, onboardingMs });
  }
}
