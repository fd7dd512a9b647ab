import { Channel, type ChannelOptions } from './channel.js';
import { Commitments } from './commitments.js';
import { Health } from './health.js';
import { Identity } from './identity.js';
import { Ledger } from './ledger.js';
import { Onboarding } from './onboarding.js';
import { Packages } from './packages.js';
import { PartyDetails } from './party-details.js';
import { Repair } from './repair.js';
import { Signing } from './signing.js';
import { Synchronizers } from './synchronizers.js';
import { Topology } from './topology.js';
import { Users } from './users.js';
import { Vault } from './vault.js';

export type { ChannelOptions } from './channel.js';
export { CantonError } from './errors.js';

/**
 * Returns the clients of one participant; nothing is sent before the first call, and no call before both APIs have
 * proven to be those of one node.
 *
 * `name` is what errors call the participant. Fails at once if a certificate or key is not PEM.
 */
export function connectParticipant(
  name: string,
  apis: { admin: ChannelOptions; ledger: ChannelOptions },
) {
  const admin = new Channel(name, apis.admin);
  const ledger = new Channel(name, apis.ledger);
  const identity = new Identity(admin, ledger);
  for (const channel of [admin, ledger]) channel.guardedBy((method) => identity.prove(method));
  const topology = new Topology(admin);
  return {
    name,
    health: new Health(admin),
    vault: new Vault(admin),
    topology,
    signing: new Signing(admin, topology),
    synchronizers: new Synchronizers(admin),
    packages: new Packages(admin),
    repair: new Repair(admin),
    onboarding: new Onboarding(admin),
    commitments: new Commitments(admin),
    ledger: new Ledger(ledger),
    users: new Users(ledger),
    partyDetails: new PartyDetails(ledger),
    close() {
      admin.close();
      ledger.close();
    },
  };
}
