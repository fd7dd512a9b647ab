import type { Activities } from '../../activities/index.js';
import { createActivities } from '../../activities/index.js';
import type { Activation } from '../../model/live.js';
import type { Participant } from '../../model/participant-access.js';
import { itemsOf } from '../support/plan-parties.js';
import { pretended } from '../support/pretending.js';
import { SPOOL_KEY } from '../support/spool-key.js';
import type { Stack } from '../support/stack.js';

type Nodes = Pick<Stack, 'nodes' | 'participants' | 'activities' | 'spoolFolder'>;
type Clients = 'synchronizers' | 'ledger' | 'health';
type Lies = { [Client in Clients]?: Partial<Participant[Client]> };

/** What keeps a target from its end, and how the migration is without it. */
export interface Guard {
  name: string;
  /** The activities without it, by name; the others stay. */
  removed: (nodes: Nodes) => Partial<Activities>;
  /** Temporal answers a superseded attempt as if it were the current one. */
  isFencing?: true;
}

/** Without one of them, some order of calls, crashes and repeats may destroy a target, or pass one off as sound. */
export const GUARDS: readonly Guard[] = [
  {
    name: 'manual connect on every alias, read back',
    removed: (nodes) => {
      const { setManualConnect, listRegistered } = whatIs(nodes, 'target');
      const lies = {
        synchronizers: {
          setManualConnect: async (alias: string, isManual: boolean) => {
            if (!isManual) await setManualConnect(alias, isManual);
          },
          listRegistered: async () =>
            (await listRegistered()).map((its) => ({ ...its, isManualConnect: true })),
        },
      };
      return without(nodes, 'target', lies, [
        'ensureManualConnect',
        'ensureOnboardingProposed',
        'isolateTarget',
        'activateParties',
        'copyActiveContracts',
        'compareActiveContracts',
        'repairDifferences',
        'purgeHosted',
      ]);
    },
  },
  {
    name: 'the target is disconnected before the activation',
    removed: (nodes) => {
      const { listRegistered } = whatIs(nodes, 'target');
      const lies = {
        synchronizers: {
          disconnect: () => Promise.resolve(),
          listRegistered: async () => (await listRegistered()).map(asIsolated),
        },
      };
      return without(nodes, 'target', lies, ['isolateTarget', 'activateParties']);
    },
  },
  {
    name: 'the target is checked in the window',
    removed: (nodes) => {
      const { listRegistered } = whatIs(nodes, 'target');
      const lies: Lies = {
        synchronizers: { listRegistered: async () => (await listRegistered()).map(asIsolated) },
        ledger: { scanPartyAuthorizations: nothing },
      };
      return without(nodes, 'target', lies, [
        'activateParties',
        'copyActiveContracts',
        'compareActiveContracts',
        'repairDifferences',
      ]);
    },
  },
  {
    name: 'contracts are exported at the offset of the activation',
    removed: ({ activities, participants }) => {
      const atTheEnd = async (its: Activation): Promise<Activation> => {
        const offset = await participants.get('source')!.ledger.readLedgerEnd();
        const groups = itemsOf(its.groups).map((group) => ({ ...group, offset }));
        return { ...its, first: { ...its.first, offset }, last: { ...its.last, offset }, groups };
      };
      return {
        readActivations: async (input) => atTheEnd(await activities.readActivations(input)),
        findActivations: async (input) => {
          const { activation } = await activities.findActivations(input);
          return activation ? { activation: await atTheEnd(activation) } : {};
        },
      };
    },
  },
  {
    name: 'both nodes are compared before the connect',
    removed: ({ activities, participants }) => ({
      compareActiveContracts: async (input) => {
        if (input.window === undefined) return activities.compareActiveContracts(input);
        const targetLedgerEnd = await participants.get('target')!.ledger.readLedgerEnd();
        return {
          isEqual: true,
          contractCount: 0,
          sourceOffset: input.offset,
          targetLedgerEnd,
          parties: [],
          unequalParties: [],
          unequalPartyCount: 0,
          packages: [],
          differences: [],
          differenceCount: 0,
          totals: { missing: 0, extra: 0, different: 0 },
        };
      },
    }),
  },
  {
    name: 'the target is connected only as it was compared',
    removed: ({ activities, participants }) => ({
      ensureConnected: async ({ proof, ...input }) => {
        const ledgerEnd = await participants.get('target')!.ledger.readLedgerEnd();
        return activities.ensureConnected({
          ...input,
          ...(proof && { proof: { ...proof, ledgerEnd } }),
        });
      },
    }),
  },
  {
    name: 'a superseded attempt changes nothing (fencing)',
    removed: () => ({}),
    isFencing: true,
  },
  {
    name: 'an abort waits for what is on its way',
    removed: (nodes) => {
      const { health } = nodes.participants.get('source')!;
      const lies: Lies = {
        health: {
          readStatus: async () => ({ ...(await health.readStatus()), pendingTopologyTransactions: 0 }),
        },
      };
      return without(nodes, 'source', lies, [
        'withdrawOnboarding',
        'findActivations',
        'activateParties',
      ]);
    },
  },
  {
    name: 'an abort finds what had become active',
    removed: () => ({ findActivations: () => Promise.resolve({}) }),
  },
  {
    name: 'an abort leaves a target that was exposed',
    removed: (nodes) => ({
      readExposure: () => Promise.resolve({ isExposed: false }),
      ...without(nodes, 'target', { ledger: { scanPartyAuthorizations: nothing } }, [
        'copyActiveContracts',
        'compareActiveContracts',
        'repairDifferences',
      ]),
    }),
  },
];

/** What the client itself does, whatever is laid over it. */
function whatIs({ participants }: Nodes, name: string) {
  const { synchronizers } = participants.get(name)!;
  return {
    setManualConnect: synchronizers.setManualConnect.bind(synchronizers),
    listRegistered: synchronizers.listRegistered.bind(synchronizers),
  };
}

function asIsolated<Its extends object>(its: Its) {
  return { ...its, isConnected: false, isManualConnect: true };
}

async function* nothing() {}

/** The named activities, told lies by one participant. */
function without(
  { nodes, spoolFolder }: Nodes,
  name: string,
  lies: Lies,
  activities: (keyof Activities)[],
): Partial<Activities> {
  const deceived = createActivities({
    participants: new Map([...nodes, [name, pretended(nodes.get(name)!, lies)]]),
    spool: { folder: spoolFolder, key: SPOOL_KEY },
  });
  const isDeceived = ([its]: [string, unknown]) => activities.includes(its as keyof Activities);
  return Object.fromEntries(Object.entries(deceived).filter(isDeceived));
}
