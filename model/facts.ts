/** What a plan knows of both nodes, beside the uid behind a name, which every connection reads again. */
export const FACTS = {
  keys: 'keys in the vault',
  delegations: 'namespace delegations',
  hosting:
    'hosts, permission, threshold, onboarding flag and signing keys of the parties, and who owns their namespaces',
  grants: 'what the synchronizer grants the target',
  packages: 'DARs, packages and vetting',
  'local state': 'users, rights, identity providers and annotations',
  limits: 'resource limits',
  connections: 'synchronizers, connected or not, and manual connect',
  'ledger ends': 'ledger ends',
  contracts: 'active contracts, and the updates since they were last read',
  'in flight': 'submissions and transactions that are on their way',
  commitments: 'counter-participants, and the ACS commitments exchanged with them',
} as const;

export type Fact = keyof typeof FACTS;
