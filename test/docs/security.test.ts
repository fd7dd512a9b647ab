import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { packageRoot } from '../../tools/package-root.js';
import { documentedPrivileges, securityPage } from '../support/privileges.js';

/** Of the load test, which is a client of its own. */
const NOT_OF_THE_WORKER = ['CommandService', 'SequencerConnectService'];
/** Names of the table of calls for services that are two of one name. */
const SERVICES: Record<string, string> = {
  LedgerParties: 'PartyManagementService',
  AdminParties: 'PartyManagementService',
};

interface Call {
  service: string;
  api: string;
  name: string;
  kind: string;
}

/** The calls that any client in `canton/` makes, by the table of all of them. */
function callsMade(): Call[] {
  const folder = join(packageRoot, 'canton');
  const table = readFileSync(join(folder, 'calls.ts'), 'utf8');
  const clients = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && name !== 'calls.ts')
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const adminFrom = table.indexOf('ADMIN_API =');
  return [...table.matchAll(/calls\((\w+), \{(.*?)\}\)/gs)].flatMap(
    ({ 1: service = '', 2: kinds = '', index }) =>
      [...kinds.matchAll(/(\w+): '(\w+)'/g)]
        .filter(([, name]) => new RegExp(`\\b${name}\\b`).test(clients))
        .map(([, name = '', kind = '']) => ({
          service: SERVICES[service] ?? service,
          api: index < adminFrom ? 'Ledger' : 'Admin',
          name: name[0]!.toUpperCase() + name.slice(1),
          kind,
        })),
  );
}

function grouped(calls: readonly Call[]): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const { api, service, kind, name } of calls)
    (groups[`${api} ${service} ${kind}`] ??= []).push(name);
  return groups;
}

test('security: the table of least privilege has every call that the worker can make, and no other', () => {
  const documented = documentedPrivileges().flatMap(({ api, service, reads, changes }) => [
    ...reads.map((name) => ({ api, service, name, kind: 'read' })),
    ...changes.map((name) => ({ api, service, name, kind: 'change' })),
  ]);
  const made = callsMade().filter(({ service }) => !NOT_OF_THE_WORKER.includes(service));

  assert.ok(made.length > 50);
  assert.deepEqual(grouped(documented), grouped(made));
});

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
