import type { User } from '../../model/participant.js';
import { bringPackage, unvet } from '../support/package-changes.js';
import { ifPossible, NotPossible, type Change, type TakeBack } from './change.js';
import { joinOther } from './joining.js';
import { restore, type World } from './world.js';

type Side = 'source' | 'target';
const SIDES: readonly Side[] = ['source', 'target'];

/** Another operator at the console of a node. */
export const NODE_CHANGES: readonly Change[] = [
  ...SIDES.flatMap((side): Change[] => [
    { name: `user created on the ${side}`, act: (world) => createUser(world, side) },
    { name: `user removed on the ${side}`, act: (world) => removeUser(world, side) },
    { name: `right granted on the ${side}`, act: (world, before) => grant(world, side, before?.method) },
    { name: `right revoked on the ${side}`, act: (world) => revoke(world, side) },
    { name: `DAR uploaded and vetted on the ${side}`, act: (world) => bring(world, side) },
    { name: `package unvetted on the ${side}`, act: (world) => takeOff(world, side) },
    { name: `${side} joins the other synchronizer`, act: (world) => join(world, side) },
    { name: `${side} connected by hand`, act: (world) => connect(world, side) },
    { name: `${side} disconnected by hand`, act: (world) => disconnect(world, side) },
    { name: `${side} disconnected and connected by hand`, act: (world) => reconnect(world, side) },
    { name: `manual connect of the ${side} turned round`, act: (world) => turnManual(world, side) },
    { name: `${side} restarted`, act: (world) => world[side].restart() },
    { name: `limits of the ${side} changed`, act: (world) => limit(world, side) },
    { name: `pruning schedule of the ${side} changed`, act: (world) => prune(world, side) },
  ]),
  {
    name: 'target restored from its newest backup',
    act: (world) => restore(world, world.backups.at(-1)!),
  },
  { name: 'target restored from its oldest backup', act: (world) => restore(world, world.backups[0]!) },
  {
    name: 'clock of the worker a minute fast',
    act: async (world) => void (world.clockOffsetMs = 60_000),
  },
  {
    name: 'clock of the worker a minute slow',
    act: async (world) => void (world.clockOffsetMs = -60_000),
  },
];

const NEW_USER: User = {
  id: 'newcomer',
  identityProvider: '',
  primaryParty: '',
  isDeactivated: false,
  authenticatesPrimaryParty: false,
  annotations: {},
};

const usersOf = (world: World, side: Side) =>
  world[side].localState().users.filter(({ id }) => id !== 'participant_admin');

async function createUser(world: World, side: Side): Promise<void> {
  await ifPossible(() => world.clients[side].users.createUser(NEW_USER));
  if (side === 'target') keepUser(world, NEW_USER.id);
  else noteLate(world, NEW_USER.id);
}

function keepUser({ truth, target }: World, id: string): void {
  const holds = () => target.localState().users.some((user) => user.id === id);
  truth.kept.push({ what: `user ${id} on the target`, holds });
}

async function removeUser(world: World, side: Side): Promise<void> {
  const [user] = usersOf(world, side);
  if (!user) throw new NotPossible(`the ${side} has no user`);
  await ifPossible(() => world.clients[side].users.removeUser(user));
  if (side === 'target') world.truth.missing.add(user.id);
  else noteLate(world, user.id);
}

/** From the step on that brings users and packages for the last time, nobody can bring what still changes on the source. */
function noteLate({ procedure, truth }: World, id: string): void {
  if (procedure.hasBegun('complete-local-state')) truth.missing.add(id);
}

async function grant(world: World, side: Side, method?: string): Promise<void> {
  const [user] = usersOf(world, side);
  if (!user) throw new NotPossible(`the ${side} has no user`);
  // Canton deletes a user with whatever rights it has by then.
  if (method === 'DeleteUser') throw new NotPossible('the user is being deleted');
  const party = world[side].uid;
  await ifPossible(() => world.clients[side].users.grantRights(user, [{ kind: 'read-as', party }]));
  if (side === 'source') return;
  const { truth, target } = world;
  const holds = () =>
    target
      .localState()
      .users.some(({ id, rights }) => id === user.id && rights.some((its) => its.includes(party)));
  truth.kept.push({ what: `right of ${user.id} on the target`, holds });
}

async function revoke(world: World, side: Side): Promise<void> {
  const [user] = usersOf(world, side);
  if (!user) throw new NotPossible(`the ${side} has no user`);
  const { users } = world.clients[side];
  await ifPossible(async () => {
    const [right] = await users.listRights(user);
    if (!right) throw new Error('the user has no right');
    await users.revokeRights(user, [right]);
  });
  if (side === 'target') world.truth.missing.add(user.id);
  else noteLate(world, user.id);
}

async function bring(world: World, side: Side): Promise<void> {
  const view = world[side];
  const brought = await ifPossible(() =>
    bringPackage(view, 'lab-drift', { isVetted: isConnected(world, side) }),
  );
  if (side === 'source') {
    for (const id of brought.packageIds) noteLate(world, id);
    return;
  }
  const holds = () => view.ledger.packages.dars().some(({ main }) => main === brought.packageId);
  world.truth.kept.push({ what: 'DAR lab-drift on the target', holds });
}

async function takeOff(world: World, side: Side): Promise<void> {
  const view = world[side];
  if (!isConnected(world, side)) throw new NotPossible(`the ${side} is not connected`);
  const packageId = view.ledger.packages.newest('lab-iou')?.packageId ?? '';
  if (!view.vetted(world.places[side].alias).includes(packageId))
    throw new NotPossible('it is not vetted');
  await ifPossible(() => unvet(view, [packageId]));
  if (side === 'target') world.truth.missing.add(packageId);
}

function isConnected(world: World, side: Side): boolean {
  return world[side].connected().includes(world.places[side].alias);
}

async function join(world: World, side: Side): Promise<void> {
  const { alias } = (await joinOther(world, side)).info;
  const holds = () => world[side].connected().includes(alias);
  const what = `${side} connected to ${alias}, which it joined meanwhile`;
  world.truth.kept.push({ what, holds, isOfSource: side === 'source' });
}

async function connect(world: World, side: Side): Promise<TakeBack> {
  if (isConnected(world, side)) throw new NotPossible(`the ${side} is connected`);
  const { synchronizers } = world.clients[side];
  const { alias } = world.places[side];
  world.truth.isConnectedByOther = true;
  await ifPossible(() => synchronizers.reconnect(alias));
  return () => synchronizers.disconnect(alias);
}

async function disconnect(world: World, side: Side): Promise<TakeBack> {
  if (!isConnected(world, side)) throw new NotPossible(`the ${side} is not connected`);
  const { synchronizers } = world.clients[side];
  const { alias } = world.places[side];
  await synchronizers.disconnect(alias);
  if (world.procedure.isChecking) world.truth.disconnected.add(`${side} ${alias}`);
  return async () => {
    await synchronizers.reconnect(alias);
    world.truth.disconnected.clear();
  };
}

async function reconnect(world: World, side: Side): Promise<void> {
  if (isConnected(world, side)) return (await disconnect(world, side))();
  await (
    await connect(world, side)
  )();
}

async function turnManual(world: World, side: Side): Promise<TakeBack> {
  const { alias } = world.places[side];
  const { config } = world[side].participant.node.connections.find(alias);
  const { synchronizers } = world.clients[side];
  const isManual = config['manual_connect'] === true;
  await synchronizers.setManualConnect(alias, !isManual);
  return () => synchronizers.setManualConnect(alias, isManual);
}

async function limit(world: World, side: Side): Promise<void> {
  const { health } = world.clients[side];
  const limits = await health.readResourceLimits();
  await health.setResourceLimits({ ...limits, maxInflightValidationRequests: 77 });
}

async function prune(world: World, side: Side): Promise<void> {
  const schedule = { cron: '0 0 3 * * ?', maxDurationMs: 3_600_000, retentionMs: 86_400_000 };
  await world.clients[side].health.setPruningSchedule(schedule);
}
