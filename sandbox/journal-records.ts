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
import type { TrafficAccount } from './traffic.js';
import type { LateUpgrade } from './topology/replica.js';
import type { PhysicalRecord } from './upgrades.js';
import type { RegisteredLinks } from './registration.js';
import type { VaultKey } from './vault.js';

/** What is kept in journals, by kind. A list without a second element says that something is gone. */
export interface JournalRecords {
  authorized: { readonly bytes: Buffer; readonly time: bigint };
  /** An onboarding flag that the node clears by itself; `logicalId` of the synchronizer. */
  clearance: { readonly logicalId: string; readonly party: string; readonly isWanted: boolean };
  damage: Damaged;
  dar: PackageChange;
  disconnected: { readonly logicalId: string; readonly atMicros: number };
  exchanged: SharedTransaction;
  /** Uid. */
  identity: string;
  'identity-provider': readonly [string, IdentityProvider?];
  /** Logical id. */
  joined: string;
  kms: KmsRecord;
  'late-upgrade': LateUpgrade;
  ledger: Commit | Pruned;
  limits: Limits;
  /** Uid. */
  member: string;
  'no-wait': NoWaitRecord;
  /** When the store was begun, in microseconds. */
  'package-store': number;
  'party-record': PartyRecord;
  'pruning-schedule': readonly [Schedule?];
  physical: PhysicalRecord;
  registered: RegisteredLinks;
  sequenced: Sequenced;
  'topology-position': { readonly logicalId: string; readonly position: number };
  /** By uid. */
  'traffic-account': readonly [string, TrafficAccount];
  user: readonly [string, UserRecord?];
  'vault-key': VaultKey;
}
