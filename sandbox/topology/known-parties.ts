import type { NodeTopology } from './node-topology.js';
import type { TopologyStore } from './store.js';
import { ADD } from './transaction.js';

/** What the participant keeps of the parties of its synchronizers: a party is local for good once a mapping hosted it here. Source: admin-api 1.15. */
export class KnownParties {
  private readonly isLocal = new Map<string, boolean>();
  /** Of each store, how many mappings have been looked at, by type. */
  private readonly seen = new Map<TopologyStore, Record<'dtc' | 'ptp', number>>();

  constructor(
    private readonly topology: NodeTopology,
    private readonly uid: string,
  ) {}

  /** Returns every party of a mapping that has taken effect, with whether it is local. */
  all(): ReadonlyMap<string, boolean> {
    for (const { replica } of this.topology.memberships.values()) this.follow(replica.store);
    return this.isLocal;
  }

  private follow(store: TopologyStore): void {
    const seen = this.seen.get(store) ?? { dtc: 0, ptp: 0 };
    this.seen.set(store, seen);
    const now = BigInt(Date.now()) * 1000n;
    for (const code of ['dtc', 'ptp'] as const) {
      const entries = store.all(code);
      for (
        let entry = entries[seen[code]];
        entry && entry.validFrom <= now;
        entry = entries[seen[code]]
      ) {
        seen[code] += 1;
        const { isProposal, transaction } = entry;
        if (isProposal || transaction.operation !== ADD) continue;
        const { mapping } = transaction;
        if (mapping.code === 'dtc')
          this.note(mapping.value.participant_uid, mapping.value.participant_uid === this.uid);
        else if (mapping.code === 'ptp') {
          const { party, participants } = mapping.value;
          this.note(
            party,
            participants.some((host) => host.participant_uid === this.uid),
          );
        }
      }
    }
  }

  private note(party: string, isLocal: boolean): void {
    this.isLocal.set(party, isLocal || this.isLocal.get(party) === true);
  }
}
