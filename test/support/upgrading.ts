import type { Sandbox } from '../../sandbox/index.js';
import { eventually } from './driving.js';

type Role = 'source' | 'target';

/** Announces an upgrade to version 35 that is not done by itself, and returns once `waiting` know of it. */
export async function announceUpgrade(
  { synchronizers, participants }: Sandbox,
  role: Role,
  waiting: readonly Role[] = [role],
): Promise<void> {
  const { upgrades, info } = synchronizers[role];
  upgrades.announce({ protocolVersion: 35, upgradeAfterMs: 3_600_000 });
  const knows = (name: Role) =>
    participants[name].participant.node.topology.find(info.logicalId)?.replica.pendingUpgrade;
  await eventually('the announcement to be known', async () =>
    waiting.every((name) => knows(name)) ? true : undefined,
  );
}

/** Does the announced upgrade, and returns once every connected node uses the successor. */
export async function finishUpgrade(
  { synchronizers, participants }: Sandbox,
  role: Role,
): Promise<void> {
  const { upgrades, info } = synchronizers[role];
  await upgrades.announceSuccessors();
  const links = () =>
    Object.values(participants)
      .filter((its) => its.isUp)
      .flatMap((its) => its.participant.node.connections.list())
      .filter((its) => its.isConnected && its.synchronizer.info.logicalId === info.logicalId);
  await eventually('a handshake with the successor', async () =>
    links().every((its) => its.knows(upgrades.pending?.successor ?? '')) ? true : undefined,
  );
  upgrades.upgrade();
  const { physicalId } = synchronizers[role].info;
  await eventually('the switch to the successor', async () =>
    links().every((its) => its.active.psid === physicalId) ? true : undefined,
  );
}
