import type { ParticipantView } from '../../sandbox/index.js';
import { removeContract } from '../support/ledger-changes.js';
import { creation, settleOne, submit } from '../support/ledger-traffic.js';
import { ifPossible, NotPossible, type Change } from './change.js';
import type { World } from './world.js';

type Side = 'source' | 'target';
const SIDES: readonly Side[] = ['source', 'target'];

/** An application uses a node that hosts the parties, or an operator repairs it. */
export const CONTRACT_CHANGES: readonly Change[] = [
  ...SIDES.flatMap((side): Change[] => [
    { name: `contract created on the ${side}`, act: (world) => create(world, world[side]) },
    { name: `contract archived on the ${side}`, act: (world) => archive(world, world[side]) },
    { name: `contract purged on the ${side}`, act: (world) => purge(world, side) },
  ]),
  { name: 'contract unassigned on the source', act: unassign },
];

async function create({ places, truth }: World, view: ParticipantView): Promise<void> {
  const before = new Set(view.contracts());
  const [payer = '', owner = ''] = places.parties;
  await ifPossible(() => submit(view, payer, creation(payer, owner)));
  for (const id of view.contracts()) if (!before.has(id)) truth.contracts.add(id);
}

async function archive({ truth }: World, view: ParticipantView): Promise<void> {
  const ended = await ifPossible(() => settleOne(view));
  truth.contracts.delete(ended);
  truth.ended.add(ended);
}

/** A node that is connected cannot be repaired. */
async function purge({ truth, ...world }: World, side: Side): Promise<void> {
  const view = world[side];
  const contractId = view.contracts().find((id) => truth.contracts.has(id));
  if (contractId === undefined) throw new NotPossible(`${view.name} has none of the contracts`);
  if (view.connected().length > 0) throw new NotPossible(`${view.name} is connected`);
  removeContract(view, contractId);
  // On the target it is missing, whoever took it; the source says by it what is to be moved.
  if (side === 'source') truth.purged.add(contractId);
}

async function unassign({ source, truth, places }: World): Promise<void> {
  const contractId = source.contracts().find((id) => truth.contracts.has(id));
  if (contractId === undefined || source.connected().length === 0)
    throw new NotPossible('the source is not connected');
  source.ledger.unassign(contractId, `elsewhere::${places.source.logicalId.split('::')[1]!}`);
  truth.contracts.delete(contractId);
  truth.away.add(contractId);
}
