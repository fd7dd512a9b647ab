import { CantonRefusal, PlainFailure } from '../errors.js';
import { unary, type Services } from '../grpc.js';
import type { DomainEntry, Participant210 } from './participant.js';

export function connectivityServices(node: Participant210): Services {
  return {
    'com.digitalasset.canton.participant.admin.v0.DomainConnectivityService': {
      ListConfiguredDomains: unary(() => ({
        results: node.domains.map(({ config, isConnected }) => ({ config, connected: isConnected })),
      })),
      ListConnectedDomains: unary(() => ({
        connected_domains: node.domains
          .filter(({ isConnected }) => isConnected)
          .map(({ alias, domain }) => ({ domain_alias: alias, domain_id: domain.id, healthy: true })),
      })),
      GetDomainId: unary(({ domain_alias = '' }) => ({ domain_id: node.entry(domain_alias).domain.id })),
      ModifyDomain: unary(({ modify }) => {
        const entry = node.entry(modify?.domain_alias ?? '');
        if (!modify?.timeTracker) throw new PlainFailure('FieldNotSet(timeTracker)', 3);
        entry.config = { ...modify };
        entry.isManualConnect = modify.manual_connect === true;
        return {};
      }),
      DisconnectDomain: unary(({ domain_alias = '' }) => {
        node.entry(domain_alias).isConnected = false;
        return {};
      }),
      ConnectDomain: unary(({ domain_alias = '' }) => {
        const entry = node.entry(domain_alias);
        if (node.jammed !== undefined) throw new PlainFailure(node.jammed, 13);
        connect(node, entry);
        return { connected_successfully: true };
      }),
    },
  };
}

/** Publishes what is new on the participant, then what was imported. */
export function connect(node: Participant210, entry: DomainEntry): void {
  if (entry.isConnected) return;
  const { domain } = entry;
  if (node.brokenFor === domain.id || node.stuckFor(domain).length > 0)
    throw new CantonRefusal({ id: 'SYNC_SERVICE_INTERNAL_ERROR', category: 4, cause: 'cannot connect' });
  domain.admit(node.uid);
  for (const row of node.authorized) node.dispatch(row, domain);
  entry.isConnected = true;
  for (const { mapping } of domain.effective()) {
    const { party, participant } = mapping.party_to_participant ?? {};
    if (party && participant === node.uid) node.localParties.add(party);
  }
  publishImported(node, domain.id);
}

function publishImported(node: Participant210, domain: string): void {
  const imported = [...node.contracts.values()].filter(
    (its) => !its.isPublished && its.domain === domain && its.state === 'active',
  );
  const byPrefix = group(imported);
  for (const [workflowId, contracts] of byPrefix) {
    for (const contract of contracts) contract.isPublished = true;
    node.append({ workflowId, created: contracts.map(({ id }) => id), archived: [] });
  }
}

function group<T extends { workflowId: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const its = groups.get(item.workflowId);
    if (its) its.push(item);
    else groups.set(item.workflowId, [item]);
  }
  return groups;
}
