import type { Participant } from '../../model/participant-access.js';
import type { Channel } from '../channel.js';
import { onlyOnCanton3 } from './absent.js';
import { ContractDomains } from './contract-domains.js';
import { Health } from './health.js';
import { Ledger } from './ledger.js';
import { Packages } from './packages.js';
import { PartyDetails } from './party-details.js';
import { RepairQueue } from './queue.js';
import { Repair } from './repair.js';
import { Signing } from './signing.js';
import { DomainStores } from './stores.js';
import { Synchronizers } from './synchronizers.js';
import { Topology } from './topology.js';
import { Users } from './users.js';
import { Vault } from './vault.js';

/** The clients of a participant of Canton 2.10. What it has nothing of is none, or a bug to ask for. */
export function clientsOf210(name: string, admin: Channel, ledger: Channel) {
  const topology = new Topology(admin);
  const stores = new DomainStores(admin);
  const queue = new RepairQueue(admin);
  const synchronizers = new Synchronizers(admin, stores, queue);
  const itsLedger = new Ledger(ledger, new ContractDomains(admin, stores, synchronizers));
  return {
    name,
    health: new Health(admin),
    vault: new Vault(admin),
    topology,
    signing: new Signing(admin, topology),
    synchronizers,
    packages: new Packages(admin),
    repair: new Repair(admin, itsLedger, queue),
    onboarding: { findOffsetAt: onlyOnCanton3, clearFlag: onlyOnCanton3 },
    commitments: {
      listReceived: onlyOnCanton3,
      listSent: onlyOnCanton3,
      listLags: onlyOnCanton3,
      readIntervalMs: onlyOnCanton3,
    },
    traffic: {
      findControl: async () => Promise.resolve(undefined),
      readBalance: onlyOnCanton3,
      countMembers: onlyOnCanton3,
      keepsAccounts: async () => Promise.resolve(false),
    },
    ledger: itsLedger,
    users: new Users(ledger),
    partyDetails: new PartyDetails(ledger),
  } satisfies Participant;
}
