import type { ResourceLimits } from '../../model/participant.js';
import type { LocalStateView, ParticipantView } from '../../sandbox/index.js';
import type { Stack } from './stack.js';

/** Everything about one node that a migration may change, without what may never be the same again. */
export interface NodeSnapshot {
  delegations: string[];
  /** Party, then host and permission of each, by synchronizer. */
  hosting: Record<string, string[]>;
  vetted: Record<string, string[]>;
  dars: string[];
  contracts: string[];
  connections: { alias: string; isConnected: boolean; isManualConnect: boolean }[];
  limits: ResourceLimits;
  localState: LocalStateView;
}

/** What both nodes hold now, in an order of its own. Offsets and serials are left out: they only ever grow. */
export async function snapshotOf(
  stack: Pick<Stack, 'sandbox' | 'participants'>,
): Promise<{ source: NodeSnapshot; target: NodeSnapshot }> {
  const { source, target } = stack.sandbox.participants;
  const limitsOf = (name: string) => stack.participants.get(name)!.health.readResourceLimits();
  return {
    source: { ...stateOf(source), limits: await limitsOf('source') },
    target: { ...stateOf(target), limits: await limitsOf('target') },
  };
}

/** The same for what an abort leaves on purpose. */
export function withoutDelegations({ source, target }: Record<'source' | 'target', NodeSnapshot>) {
  return [source, target].map((its) => ({ ...its, delegations: [] }));
}

function stateOf(view: ParticipantView): Omit<NodeSnapshot, 'limits'> {
  const registered = view.participant.node.connections.list();
  const each = (read: (alias: string) => string[]) =>
    Object.fromEntries(registered.map(({ alias }) => [alias, read(alias).sort()]));
  return {
    delegations: view
      .delegations()
      .map(({ namespace, target, restriction }) => `${namespace} ${target} ${restriction}`)
      .sort(),
    hosting: each((alias) => view.parties(alias).map(hostingOf)),
    vetted: each((alias) => view.vetted(alias)),
    dars: view.ledger.packages.dars().map(({ main }) => main),
    contracts: view.contracts().sort(),
    localState: view.localState(),
    connections: registered.map(({ alias, config, membership }) => ({
      alias,
      isConnected: membership?.replica.isConnected === true,
      isManualConnect: config['manual_connect'] === true,
    })),
  };
}

type Hosting = ReturnType<ParticipantView['parties']>[number];

function hostingOf({ party, participants }: Hosting): string {
  const hosts = participants.map(
    ({ participant_uid, permission }) => `${participant_uid} ${permission}`,
  );
  return [party, ...hosts.sort()].join(', ');
}
