/**
 * What a participant can do, which not every generation of Canton can. Plans and steps go by this, never by a
 * version.
 */
export interface Abilities {
  /**
   * Both nodes of a migration are of one: neither reads the snapshots and the topology transactions of the
   * other.
   */
  generation: '2.10' | '3';
  /** Becomes a host beside others on a synchronizer that goes on, and gets the contracts afterwards. */
  joinsHosts: boolean;
  /** Tells what changed of its ACS since an offset, so that it can be copied while it serves. */
  tellsChanges: boolean;
  /** Leaves out of an export what these stakeholders have, if it is asked to. */
  exportLeavesOut: boolean;
  /** Takes the hosting of a party while it is disconnected, and publishes it once it connects. */
  hostsDisconnected: boolean;
  /** A purge takes back an import, as if the contracts had never been there. */
  purgeUndoesImport: boolean;
  /** An import moves its ledger end, so that an equal ledger end means equal contracts. */
  importMovesLedgerEnd: boolean;
}

/** Of a participant of Canton 3.5. */
export const CANTON_3: Abilities = {
  generation: '3',
  joinsHosts: true,
  tellsChanges: true,
  exportLeavesOut: true,
  hostsDisconnected: false,
  purgeUndoesImport: true,
  importMovesLedgerEnd: true,
};

/** Of both nodes of a plan. */
export function abilitiesOf({ abilities }: { abilities?: Abilities }): Abilities {
  return abilities ?? CANTON_3;
}
