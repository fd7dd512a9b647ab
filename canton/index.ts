import type { Participant, ParticipantAccess } from '../model/participant-access.js';
import { byGeneration } from './by-generation.js';
import { kindOf } from './calls.js';
import { Channel } from './channel.js';
import { Commitments } from './v30/commitments.js';
import { Endpoint, type ChannelOptions, type MethodName } from './endpoint.js';
import { Health } from './v30/health.js';
import { Identity } from './identity.js';
import { Ledger } from './v30/ledger.js';
import { Onboarding } from './v30/onboarding.js';
import { Packages } from './v30/packages.js';
import { PartyDetails } from './v30/party-details.js';
import { Repair } from './v30/repair.js';
import { Signing } from './v30/signing.js';
import { Synchronizers } from './v30/synchronizers.js';
import { Topology } from './v30/topology.js';
import { Traffic } from './v30/traffic.js';
import { Users } from './v30/users.js';
import { Vault } from './v30/vault.js';
import { clientsOf210 } from './v0/index.js';

export type { ChannelOptions } from './endpoint.js';

/**
 * Returns access to one participant; nothing is sent before the first call, and no call before both APIs have proven to
 * be those of one node.
 *
 * `name` is what errors call the participant. Fails at once if a certificate or key is not PEM.
 */
export function connectParticipant(
  name: string,
  apis: { admin: ChannelOptions; ledger: ChannelOptions },
) {
  const admin = new Endpoint(name, apis.admin);
  const ledger = new Endpoint(name, apis.ledger);
  const identity = new Identity(admin, ledger);
  const clientsOf = (admit: (method: MethodName) => Promise<void>) =>
    byGeneration(
      {
        '3': clients(name, new Channel(admin, admit), new Channel(ledger, admit)),
        '2.10': clientsOf210(name, new Channel(admin, admit), new Channel(ledger, admit)),
      },
      identity,
    );
  return {
    name,

    /** Changes of these clients fail as bugs, without a call. */
    reading: (uid?: string) =>
      clientsOf(async (method) => {
        if (kindOf(method) === 'change')
          throw new Error(`${method.name} changes ${name}, which was to be read only`);
        await identity.prove(method, uid);
      }),

    /** Without `uid` for tools of an operator, which have no plan that names the node. */
    changing: (uid: string | undefined, fence: () => Promise<void>) =>
      clientsOf(async (method) => {
        await identity.prove(method, uid);
        while (kindOf(method) === 'change') {
          await fence();
          if (identity.isProven()) return;
          // The fence took its time, and something else may answer by now.
          await identity.prove(method, uid);
        }
      }),

    close() {
      admin.close();
      ledger.close();
    },
  } satisfies ParticipantAccess;
}

function clients(name: string, admin: Channel, ledger: Channel) {
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
    traffic: new Traffic(admin, ledger),
    ledger: new Ledger(ledger),
    users: new Users(ledger),
    partyDetails: new PartyDetails(ledger),
  } satisfies Participant;
}
