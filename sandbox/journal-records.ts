import type { SharedTransaction } from './exchange.js';
import type { KmsRecord } from './kms.js';
import type { Damaged } from './ledger/damage.js';
import type { IdentityProvider } from './ledger/identity-providers.js';
import type { Commit, Pruned } from './ledger/ledger.js';
import type { PartyRecord } from './ledger/party-records.js';
import type { UserRecord } from './ledger/users.js';
import type { Limits } from './limits.js';
import type { PackageChange } from './package-store.js';
import type { NoWaitRecord } from './no-wait.js';
import type { Schedule } from './pruning.js';
import type { Sequenced } from './synchronizer.js';
import type { Config } from './connections.js';
import type { VaultKey } from './vault.js';

/** What is kept in journals, by kind. A list without a second element says that something is gone. */
export interface JournalRecords {
  authorized: { readonly bytes: Buffer; readonly time: bigint };
  damage: Damaged;
  dar: PackageChange;
  disconnected: { readonly logicalId: string; readonly atMicros: number };
  exchanged: SharedTransaction;
  'identity-provider': readonly [string, IdentityProvider?];
  /** Physical id. */
  joined: string;
  kms: KmsRecord;
  ledger: Commit | Pruned;
  limits: Limits;
  /** Uid. */
  member: string;
  'no-wait': NoWaitRecord;
  /** When the store was begun, in microseconds. */
  'package-store': number;
  'party-record': PartyRecord;
  'pruning-schedule': readonly [Schedule?];
  registered: Config;
  sequenced: Sequenced;
  'topology-position': { readonly psid: string; readonly position: number };
  upgrade: boolean;
  user: readonly [string, UserRecord?];
  'vault-key': VaultKey;
}
