import type { ParticipantView } from '../../sandbox/index.js';
import { removeContract } from '../support/ledger-changes.js';
import { creation, settleOne, submit } from '../support/ledger-traffic.js';
import { ifPossible, NotPossible, type Change } from './change.js';
import { joinOther } from './joining.js';
import { contractsOn, type World } from './world.js';

type Side = 'source' | 'target';
const SIDES: readonly Side[] = ['source', 'target'];

/** An application uses a node that hosts the parties, or an operator repairs it. */
export const CONTRACT_CHANGES: readonly Change[] = [
  ...SIDES.flatMap((side): Change[] => [
    { name: `contract created on the ${side}`, act: (world) => create(world, world[side]) },
    { name: `contract archived on the ${side}`, act: (world) => archive(world, world[side]) },
    { name: `contract purged on the ${side}`, act: (world) => purge(world, side) },
  ]),
  { name: 'contract unassigned', act: unassign },
  { name: 'contract reassigned to another synchronizer', act: reassign },
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

async function unassign(world: World): Promise<void> {
  sendAway(world, `elsewhere::${world.places.source.logicalId.split('::')[1]!}`);
}

/** On its way from the source, as a host of its stakeholders sends it. */
function sendAway({ source, truth, places }: World, logicalId: string): string {
  const [party = ''] = places.parties;
  const { alias } = places.source;
  if (!source.connected().includes(alias) || !source.hosts(party, alias).includes(source.uid))
    throw new NotPossible('the source does not serve');
  const contractId = contractsOn(source, places.source.logicalId).find((id) => truth.contracts.has(id));
  if (contractId === undefined) throw new NotPossible('there is no contract');
  source.ledger.unassign(contractId, logicalId);
  truth.contracts.delete(contractId);
  truth.away.add(contractId);
  return contractId;
}

/** The source is on two synchronizers then, and goes on serving the contract on the other one. */
async function reassign(world: World): Promise<void> {
  const { info } = await joinOther(world, 'source');
  world.source.ledger.assign(sendAway(world, info.logicalId));
}
