import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

import { Load } from '../../loadtest/load.js';
import { connect, firstParties, type LoadParticipant } from '../../loadtest/participants.js';
import type { Participant } from '../../model/participant-access.js';
import { QUICK_TIMING, type Addresses, type Sandbox, type ScenarioChange } from '../../sandbox/index.js';
import { connectOperator } from './operator.js';
import { reached } from './reached.js';
import { folderOf } from './workers.js';

/** A participant of a load test, whose hosting an operator changes. */
type Operated = LoadParticipant & { participant: Participant };

/** The two participants of a sandbox as a load test connects to them; they are closed with the test. */
export function loadParticipants(
  t: TestContext,
  { addresses }: Pick<Sandbox, 'addresses'>,
): Record<'source' | 'target', Operated> {
  const open = (name: 'source' | 'target') => {
    const { admin, ledger } = addresses[name];
    const apis = { admin: { address: admin }, ledger: { address: ledger } };
    const one = connect({ name, ...apis });
    const participant = connectOperator(name, apis);
    t.after(() => [one, participant].forEach((its) => its.close()));
    return { ...one, participant };
  };
  return { source: open('source'), target: open('target') };
}

/** Starts a load of some commands per second; it is stopped with the test if the test did not. */
export async function startLoad(
  t: TestContext,
  sandbox: Pick<Sandbox, 'addresses'>,
  options: { rate?: number; parties?: string[] } = {},
): Promise<Load> {
  const { source, target } = loadParticipants(t, sandbox);
  const parties = options.parties ?? (await firstParties(source, 3));
  const { rate = 100 } = options;
  const nodes = { source: source.nodeFor(parties), target: target.nodeFor(parties) };
  const load = new Load({ ...nodes, parties, clients: 3, rate, seed: 7 });
  await load.start();
  t.after(() => load.stop().catch(() => undefined));
  return load;
}

/** The configuration of a worker for a sandbox, as a file that goes with the test. */
export function workerConfiguration(t: TestContext, { source, target }: Addresses): string {
  const profile = ({ admin, ledger }: Addresses['source']) => ({
    admin: { address: admin },
    ledger: { address: ledger },
  });
  const file = join(folderOf(t), 'worker.json');
  const participants = { source: profile(source), target: profile(target) };
  writeFileSync(file, JSON.stringify({ participants }));
  return file;
}

/** A scenario in which the target is on the synchronizer of the source, with parties that have no contracts yet. */
export const SHARED: ScenarioChange = {
  timing: QUICK_TIMING,
  target: { synchronizers: ['source'] },
  contracts: { count: 0 },
};

/** Makes both participants, or one of them, the hosts of the parties that a load test takes; until both see it. */
export async function setHosts(
  { source, target }: Record<'source' | 'target', Operated>,
  parties: string[],
  names: ('source' | 'target')[],
): Promise<void> {
  const nodes = { source: source.participant, target: target.participant };
  const uids = new Map<string, string>();
  for (const name of ['source', 'target'] as const) uids.set(name, await nodes[name].health.readUid());
  const [{ logicalId = '' } = {}] = await nodes.source.synchronizers.listRegistered();
  const store = { synchronizerId: logicalId };
  const hosts = names.map((name) => ({
    participantUid: uids.get(name) ?? '',
    permission: 'submission' as const,
    isOnboarding: false,
  }));
  for (const party of parties) {
    const mapping = { party, threshold: 1, hosts, serial: 0 };
    if (names.length === 1) {
      await nodes.source.topology.proposePartyMapping(store, mapping, { isForced: true });
    } else {
      await nodes.source.topology.proposePartyHosting(store, mapping);
      await nodes.target.topology.proposePartyHosting(store, mapping);
    }
  }
  const isEffective = async (name: 'source' | 'target', party: string) => {
    const [found] = await nodes[name].topology.listPartyMappings(store, { party });
    return found?.hosts.length === names.length;
  };
  for (const party of parties) {
    for (const name of ['source', 'target'] as const) await reached(() => isEffective(name, party));
  }
}
