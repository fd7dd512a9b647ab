import { timestamp } from './clock.js';
import type { Config } from './connections.js';
import type { Synchronizer } from './synchronizer.js';
import type { Membership } from './topology/node-topology.js';
import type { PendingUpgrade } from './topology/lsu.js';
import type { Encodable } from './wire.js';

type Listed =
  Encodable<'com.digitalasset.canton.admin.participant.v30.ListRegisteredSynchronizersResponse.Result'>;

/** A physical synchronizer as a node knows it. */
interface Link {
  readonly psid: string;
  status: 'STATUS_ACTIVE' | 'STATUS_LSU_SOURCE' | 'STATUS_LSU_TARGET';
  config: Config;
  /** Times: UTC, microseconds. */
  readonly predecessor?: {
    readonly psid: string;
    readonly upgradeTime: bigint;
    readonly isLate: boolean;
  };
}

/** What is kept of a registration. */
export interface RegisteredLinks {
  readonly alias: string;
  /** Oldest first. */
  readonly links: readonly Link[];
}

/** A synchronizer a node has a configuration for, one link per physical synchronizer it went through. Source: networks B. */
export class Registration {
  /** Present once the node has connected or shaken hands. */
  membership?: Membership;
  private readonly links: Link[];

  constructor(
    readonly alias: string,
    readonly synchronizer: Synchronizer,
    links: readonly Link[],
  ) {
    this.links = links.map((link) => ({ ...link }));
  }

  /** What a journal keeps of it. */
  get record(): RegisteredLinks {
    return { alias: this.alias, links: this.links };
  }

  /** The physical synchronizer that the node uses. */
  get active(): Link {
    return this.links.find(({ status }) => status === 'STATUS_ACTIVE')!;
  }

  get config(): Config {
    return this.active.config;
  }

  /** Replaces the configuration of the link in use. */
  set config(config: Config) {
    this.active.config = config;
  }

  /** Whether the node follows it now. */
  get isConnected(): boolean {
    return this.membership?.replica.isConnected === true;
  }

  /** Whether the sequencer that the node uses answers. */
  get isReachable(): boolean {
    return this.synchronizer.upgrades.isReachable(this.active.psid);
  }

  /** The status of a physical synchronizer that is not the one in use, in Canton's words. */
  inactive(psid: string): string | undefined {
    const found = this.links.find((link) => link.psid === psid && link !== this.active);
    return found && (found.status === 'STATUS_LSU_SOURCE' ? 'LSU source' : 'LSU target');
  }

  /** Whether it has shaken hands with a successor, or more. */
  knows(psid: string): boolean {
    return this.links.some((link) => link.psid === psid);
  }

  /** Adds a successor, with the configuration of the link in use and other addresses. */
  addSuccessor({ successor, upgradeTime }: PendingUpgrade, addresses: readonly string[]): void {
    const { config, psid } = this.active;
    const connections = config.sequencer_connections;
    const [first] = connections.sequencer_connections;
    const sequencer_connections = addresses.map((address) => ({
      ...first,
      grpc: { ...first?.grpc, connections: [address] },
    }));
    this.links.push({
      psid: successor,
      status: 'STATUS_LSU_TARGET',
      config: {
        ...config,
        sequencer_connections: { ...connections, sequencer_connections },
        physical_synchronizer_id: successor,
      },
      predecessor: { psid, upgradeTime, isLate: false },
    });
  }

  /** Adds a successor that an operator names, and uses it. */
  addLate(successor: string, upgradeTime: bigint, config: Config): void {
    const { psid } = this.active;
    const known = this.links.findIndex((link) => link.psid === successor);
    if (known >= 0) this.links.splice(known, 1);
    const predecessor = { psid, upgradeTime, isLate: true };
    this.links.push({ psid: successor, status: 'STATUS_LSU_TARGET', config, predecessor });
    this.use(successor);
  }

  /** Takes another physical synchronizer into use. */
  use(psid: string): void {
    this.active.status = 'STATUS_LSU_SOURCE';
    this.links.find((link) => link.psid === psid)!.status = 'STATUS_ACTIVE';
  }

  /** The results that list it, newest first as a node lists them. */
  listed(hasAllStatuses: boolean): Listed[] {
    return this.links
      .filter((link) => hasAllStatuses || link === this.active)
      .map((link) => ({
        config: link.config,
        ...(link === this.active && this.isConnected ? { connected: true } : {}),
        ...(this.membership && { physical_synchronizer_id: link.psid }),
        status: link.status,
        ...(link.predecessor && {
          synchronizer_predecessor: {
            predecessor_physical_id: link.predecessor.psid,
            upgrade_time: timestamp(link.predecessor.upgradeTime),
            ...(link.predecessor.isLate && { is_late_upgrade: true }),
          },
        }),
      }))
      .reverse();
  }

  /** What the node's topology has a store for, oldest first. */
  get psids(): readonly string[] {
    return this.links.map((link) => link.psid);
  }
}
