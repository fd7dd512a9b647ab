import assert from 'node:assert/strict';
import test from 'node:test';

import { startSandbox } from '../../sandbox/index.js';
import { signRow } from '../../sandbox/v0/rows.js';
import { connectParticipant } from '../../canton/index.js';
import { REQUEST, SMALL } from '../support/stack.js';
import { startStackOver } from '../support/temporal.js';
import { startStack210 } from './stack.js';

test('2.10: two nodes of different generations are refused by name', async (t) => {
  const of210 = await startStack210(t);
  const of3 = await startSandbox({ scenario: SMALL });
  t.after(() => of3.close());
  const { target } = of3.addresses;
  const { source } = of210.sandbox.addresses;
  const nodes = { addresses: { source, target }, close: () => Promise.resolve() };
  const { client } = await startStackOver(t, nodes);

  await assert.rejects(client.plan(REQUEST), {
    type: 'GenerationsDiffer',
    message: /source is a participant of Canton 2\.10, target one of Canton 3/,
  });
});

test('2.10: a copy while the source serves is refused, with the reason', async (t) => {
  const { client } = await startStack210(t);
  const request = { ...REQUEST, options: { ...REQUEST.options, copy: 'warm' as const } };

  await assert.rejects(client.plan(request), {
    type: 'RequestInvalid',
    message: /options\.copy: found warm, expected cold: a participant of Canton 2\.10/,
  });
});

test('2.10: a target that another host has left on the domain is no target for these parties', async (t) => {
  const { client, sandbox } = await startStack210(t);
  const { source, domains, parties } = sandbox;
  const abandoned = `gone::${source.participant.namespaceKey.id}`;
  domains.target.admit(abandoned);
  const [root] = source.participant.authorized;
  assert.ok(root?.mapping.namespace_delegation);
  domains.target.publish(root);
  const hosting = { side: 'Both', permission: 'Submission', party: parties[0]! } as const;
  const mapping = { party_to_participant: { ...hosting, participant: abandoned } };
  const { namespaceKey, encoding } = source.participant;
  domains.target.publish(signRow({ operation: 'Add', mapping }, encoding, namespaceKey));

  const { plan } = await client.plan(REQUEST);

  const found = plan.obstacles.find(({ type }) => type === 'PartiesHostedByOthers');
  assert.match(found?.what ?? '', new RegExp(`${parties[0]} by ${abandoned}`));
  assert.match(found?.cure ?? '', /operator of the domain/);
});

test('2.10: no call that changes anything goes to a node that is only read', async (t) => {
  const { sandbox } = await startStack210(t);
  const { admin, ledger } = sandbox.addresses.target;
  const access = connectParticipant('target', {
    admin: { address: admin },
    ledger: { address: ledger },
  });
  t.after(() => access.close());

  const reading = access.changing(sandbox.target.uid, () => Promise.reject(new Error('superseded')));

  await assert.rejects(reading.synchronizers.disconnect('da'), /superseded/);
  assert.deepEqual(sandbox.target.connected(), ['da']);
});
