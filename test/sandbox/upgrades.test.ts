import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { QUICK_TIMING, startSandbox, type Sandbox, type ScenarioChange } from '../../sandbox/index.js';
import { create, submit } from './live-support.js';
import { eventually } from '../support/driving.js';
import { announceUpgrade, finishUpgrade } from '../support/upgrading.js';

/** The source and a third node on a synchronizer of version 34. */
const SCENARIO: ScenarioChange = {
  timing: QUICK_TIMING,
  contracts: { count: 4 },
  parties: { local: 2, multiHosted: 0, external: 0, decentralized: 0, foreign: 0 },
  synchronizers: { source: { protocolVersion: 34 } },
  fresh: {
    name: 'fresh',
    synchronizers: ['source'],
    dars: [{ name: 'lab-iou', version: '1.0.0', isVetted: true }],
  },
};

function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'canton-sandbox-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

type Role = 'source' | 'fresh';

const connectionsOf = ({ participants }: Sandbox, role: Role) =>
  participants[role]!.participant.node.connections;

/** The physical synchronizers that a node knows of the source's, without the name. */
function linksOf(sandbox: Sandbox, role: Role): string[] {
  return connectionsOf(sandbox, role)
    .find('acme')
    .psids.map((psid) => psid.split('::').at(-1)!);
}

/** Which one it uses, and whether it is connected. */
function usedBy(sandbox: Sandbox, role: Role): [psid: string | undefined, isConnected: boolean] {
  const { active, isConnected } = connectionsOf(sandbox, role).find('acme');
  return [active.psid.split('::').at(-1), isConnected];
}

/** Has a node host another party on its synchronizer. */
async function allocate({ participants }: Sandbox, role: Role, name: string): Promise<string> {
  const { port } = participants[role]!.participant.node;
  return port.allocateParty(name, port.connected()[0]!);
}

test('upgrades: nodes and synchronizer go on with the successor after the sandbox was closed', async (t) => {
  const state = makeFolder(t);
  const first = await startSandbox({ state, scenario: SCENARIO });
  await announceUpgrade(first, 'source', ['source']);
  await finishUpgrade(first, 'source');
  await first.participants.source.restart();
  assert.deepEqual(usedBy(first, 'source'), ['35-1', true]);
  const before = linksOf(first, 'source');
  await first.close();

  const second = await startSandbox({ state });
  t.after(() => second.close());

  const { upgrades, info } = second.synchronizers.source;
  assert.match(info.physicalId, /::35-1$/);
  assert.equal(upgrades.pending, undefined);
  assert.deepEqual(linksOf(second, 'source'), before);
  assert.deepEqual(usedBy(second, 'source'), ['35-1', true]);
  await allocate(second, 'source', 'after');
  const parties = second.participants.source.parties('acme').map(({ party }) => party.split('::')[0]);
  assert.ok(parties.includes('after'), String(parties));
});

test('upgrades: an announced one is still ahead after the sandbox was closed, and then done', async (t) => {
  const state = makeFolder(t);
  const first = await startSandbox({ state, scenario: SCENARIO });
  await announceUpgrade(first, 'source', ['source']);
  await first.close();

  const second = await startSandbox({ state });
  t.after(() => second.close());

  assert.match(second.synchronizers.source.upgrades.pending?.successor ?? '', /::35-1$/);
  assert.deepEqual(usedBy(second, 'source'), ['34-0', true]);
  await finishUpgrade(second, 'source');
  assert.deepEqual(usedBy(second, 'source'), ['35-1', true]);
});

test('upgrades: what a late upgrade skipped stays skipped after the sandbox was closed', async (t) => {
  const state = makeFolder(t);
  const first = await startSandbox({ state, scenario: SCENARIO });
  const { source } = first.participants;
  const payer = await allocate(first, 'source', 'payer');
  const owner = await allocate(first, 'fresh', 'owner');
  await eventually('the owner to be known', async () =>
    source.parties('acme').some(({ party }) => party === owner) ? true : undefined,
  );
  connectionsOf(first, 'fresh').disconnect('acme');
  await submit(source, payer, create(payer, owner));
  await upgradeLate(first);
  const links = linksOf(first, 'fresh');
  await first.close();

  const second = await startSandbox({ state });
  t.after(() => second.close());

  assert.deepEqual([linksOf(second, 'fresh'), usedBy(second, 'fresh')], [links, ['35-1', true]]);
  assert.deepEqual(second.participants.fresh!.contracts(), []);
  await submit(second.participants.source, payer, create(payer, owner));
  await eventually('a contract that was created after the upgrade', async () =>
    second.participants.fresh!.contracts().length === 1 ? true : undefined,
  );
});

/** Upgrades the synchronizer of the source; the third node, which is disconnected, goes over without its predecessor. */
async function upgradeLate(sandbox: Sandbox): Promise<void> {
  await announceUpgrade(sandbox, 'source', ['source']);
  await finishUpgrade(sandbox, 'source');
  const { upgrades } = sandbox.synchronizers.source;
  upgrades.retire();
  const { upgradeTime } = upgrades.endOf(upgrades.first.psid)!;
  const { config } = connectionsOf(sandbox, 'source').find('acme');
  const successor = { psid: upgrades.active.psid, upgradeTime, config };
  connectionsOf(sandbox, 'fresh').upgradeLate(upgrades.first.psid, successor);
}
