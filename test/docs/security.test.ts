import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { packageRoot } from '../../tools/package-root.js';
import { documentedPrivileges, securityPage } from '../support/privileges.js';

/** Of the load test, which is a client of its own, and what no client of 2.10 makes but has a word like. */
const NOT_OF_THE_WORKER = ['CommandService', 'SequencerConnectService', 'StatusService'];
/** Names of the table of calls for services that are two of one name. */
const SERVICES: Record<string, string> = {
  LedgerParties: 'PartyManagementService',
  AdminParties: 'PartyManagementService',
  IdentityProviders1: 'IdentityProviderConfigService',
  Parties1: 'PartyManagementService',
  Users1: 'UserManagementService',
  Vault0: 'VaultService',
  Packages0: 'PackageService',
  Repair0: 'ParticipantRepairService',
  Status0: 'ParticipantStatusService',
  Ping0: 'PingService',
  Pruning0: 'PruningService',
  Resources0: 'ResourceManagementService',
  Aggregation0: 'TopologyAggregationService',
  TopologyReads0: 'TopologyManagerReadService',
  TopologyWrites0: 'TopologyManagerWriteService',
};
const LEDGER_OF_210 = /1$|^(TransactionService|ActiveContractsService|LedgerIdentityService)$/;

interface Call {
  service: string;
  api: string;
  name: string;
  kind: string;
}

/** Where the clients of each generation are, and what of the table of all calls is theirs. */
const GENERATIONS = {
  '3': { folder: 'v30', from: 'LEDGER_API =', to: 'const V0 =' },
  '2.10': { folder: 'v0', from: 'const V0 =', to: 'const SEQUENCER_API' },
};

/** The calls that any client of a generation makes, by the table of all of them. */
function callsMade(generation: keyof typeof GENERATIONS): Call[] {
  const { folder, from, to } = GENERATIONS[generation];
  const table = read('calls.ts');
  const part = table.slice(table.indexOf(from), table.indexOf(to));
  const clients = [
    read('identity.ts'),
    ...readdirSync(join(packageRoot, 'canton', folder)).map((name) => read(join(folder, name))),
  ].join('\n');
  const adminFrom = part.indexOf('ADMIN_API =');
  const isLedger = (service: string, index: number) =>
    generation === '3' ? index < adminFrom : LEDGER_OF_210.test(service);
  return [...part.matchAll(/calls\((\w+), \{(.*?)\}\)/gs)].flatMap(
    ({ 1: service = '', 2: kinds = '', index }) =>
      [...kinds.matchAll(/(\w+): '(\w+)'/g)]
        .filter(([, name]) => new RegExp(`\\.(method\\.)?${name}\\b|\\b${name} }`).test(clients))
        .map(([, name = '', kind = '']) => ({
          service: SERVICES[service] ?? service,
          api: isLedger(service, index) ? 'Ledger' : 'Admin',
          name: name === 'ping' && generation === '2.10' ? name : name[0]!.toUpperCase() + name.slice(1),
          kind,
        })),
  );
}

function read(file: string): string {
  return readFileSync(join(packageRoot, 'canton', file), 'utf8');
}

function grouped(calls: readonly Call[]): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const { api, service, kind, name } of calls)
    (groups[`${api} ${service} ${kind}`] ??= []).push(name);
  return groups;
}

for (const [generation, heading] of [
  ['3', 'Least privilege'],
  ['2.10', 'Least privilege on Canton 2.10'],
] as const) {
  test(`security: the table of least privilege has every call that a worker makes to Canton ${generation}, and no other`, () => {
    const documented = documentedPrivileges(heading).flatMap(({ api, service, reads, changes }) => [
      ...reads.map((name) => ({ api, service, name, kind: 'read' })),
      ...changes.map((name) => ({ api, service, name, kind: 'change' })),
    ]);
    const made = callsMade(generation).filter(({ service }) => !NOT_OF_THE_WORKER.includes(service));

    assert.ok(made.length > 40);
    assert.deepEqual(grouped(documented), grouped(made));
  });
}

test('security: no activity submits a command', () => {
  const folder = join(packageRoot, 'activities');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const name of files.filter((file) => file.endsWith('.ts')))
    assert.doesNotMatch(readFileSync(join(folder, name), 'utf8'), /canton\/commands|\.commands\b/, name);
});

test('security: what a source gets is a part of what changes', () => {
  for (const { service, changes, sourceChanges } of documentedPrivileges())
    assert.deepEqual(
      sourceChanges.filter((name) => !changes.includes(name)),
      [],
      service,
    );
});

test('security: what remains true stands in bold, before everything else', () => {
  const [, , first = ''] = securityPage().split(/\n\n/);
  assert.match(first, /^\*\*Write access to the Temporal namespace is power over these nodes\.\*\*/);
});
