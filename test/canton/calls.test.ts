import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { kindOf } from '../../canton/calls.js';
import type { MethodName } from '../../canton/endpoint.js';
import { connectParticipant } from '../../canton/index.js';
import { startSandbox } from '../../sandbox/index.js';
import { SMALL } from '../support/stack.js';

const PROTO = fileURLToPath(new URL('../../canton/proto', import.meta.url));

/** Every call of every service of `canton/proto`. */
function declared(): MethodName[] {
  const files = readdirSync(PROTO, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.proto'))
    .flatMap((file) => {
      const text = readFileSync(join(PROTO, file), 'utf8');
      const [, scope] = /^package ([\w.]+);/m.exec(text) ?? [];
      let parent = { name: '', typeName: '' };
      return text.split('\n').flatMap((line) => {
        const [, word, name = ''] = /^\s*(service|rpc) (\w+)/.exec(line) ?? [];
        if (word === 'service') parent = { name, typeName: `${scope}.${name}` };
        return word === 'rpc' ? [{ name, parent }] : [];
      });
    });
}

test('calls: of every call of every service it is said whether it reads or changes', () => {
  const all = declared();

  const kinds = all.map((method) => [method, kindOf(method)] as const);

  assert.ok(all.length > 70, `${all.length}`);
  // Named so by Canton; whatever else a call may be, it is none that changes nothing.
  const changing =
    /^(Create|Delete|Update|Set|Clear|Remove|Import|Purge|Upload|Grant|Revoke|Register|Add)/;
  for (const [{ name }, kind] of kinds) if (changing.test(name)) assert.equal(kind, 'change', name);
});

test('calls: clients that read send no change, and clients that change send one right after their fence', async (t) => {
  const sandbox = await startSandbox({ scenario: SMALL });
  const { admin, ledger } = sandbox.addresses.target;
  const { uid } = sandbox.participants.target;
  const access = connectParticipant('target', {
    admin: { address: admin },
    ledger: { address: ledger },
  });
  t.after(async () => {
    access.close();
    await sandbox.close();
  });
  const sent = () => sandbox.calls.list({ isMutating: true }).map(({ method }) => method);

  await assert.rejects(access.reading(uid).synchronizers.disconnect('da'), /read only/);
  assert.deepEqual(sent(), []);

  const fences: number[] = [];
  const fenced = access.changing(uid, async () => void fences.push(sandbox.calls.last));
  await fenced.synchronizers.listRegistered();
  assert.deepEqual(fences, []);
  await fenced.synchronizers.disconnect('da');
  assert.deepEqual(sent(), ['DisconnectSynchronizer']);
  assert.deepEqual(fences, [sandbox.calls.last - 1]);

  const refused = access.changing(uid, () => Promise.reject(new Error('another attempt')));
  const chunks = (async function* () {
    yield Buffer.alloc(1);
  })();
  const request = { chunks, synchronizerId: 'x::y', workflowIdPrefix: 'x', mode: 'accept' } as const;
  await assert.rejects(refused.repair.importAcs(request), /another attempt/);
  await assert.rejects(refused.synchronizers.reconnect('da'), /another attempt/);
  assert.deepEqual(sent(), ['DisconnectSynchronizer']);
});

test('calls: to another node than the planned one nothing is sent but the question who it is', async (t) => {
  const sandbox = await startSandbox({ scenario: SMALL });
  const { admin, ledger } = sandbox.addresses.source;
  const { source, target } = sandbox.participants;
  const access = connectParticipant('target', {
    admin: { address: admin },
    ledger: { address: ledger },
  });
  t.after(async () => {
    access.close();
    await sandbox.close();
  });
  const other = {
    type: 'OtherParticipant',
    kind: 'refused',
    message: `target: the node at ${admin} is ${source.uid}, expected ${target.uid}, which the plan calls target`,
  };

  const { health, synchronizers } = access.changing(target.uid, () => Promise.resolve());
  for (const call of [
    () => synchronizers.disconnect('acme'),
    () => health.readUid(),
    () => health.readStatus(),
    () => access.reading(target.uid).ledger.readLedgerEnd(),
  ])
    await assert.rejects(call, other);

  const methods = sandbox.calls.list().map(({ method }) => method);
  assert.deepEqual([...new Set(methods)].sort(), ['GetId', 'GetParticipantId']);
});
