import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Client, credentials, status } from '@grpc/grpc-js';

import { SCENARIO_SCHEMA } from '../../sandbox/scenario-schema.js';
import { QUICK_TIMING, startSandbox } from '../../sandbox/index.js';
import { checkScenario } from '../../sandbox/scenario.js';
import { startSandbox210 } from '../../sandbox/v0/index.js';
import { page, tableBelow } from './markdown.js';

const SANDBOX = page('sandbox.md');
const IN_FULL = tableBelow(SANDBOX, 'In full').flatMap(([service = '', methods = '']) =>
  [...methods.matchAll(/\w+/g)].map(([method]) => `${service}/${method}`),
);
const IN_PART = tableBelow(SANDBOX, 'In part').map(([method = '']) => method);
const NOT_AT_ALL = tableBelow(SANDBOX, 'Not at all').map(([method = '']) => method);
const OPEN_LIMIT_MS = 8_000;
const IS_OF_210 = /\.v0\.|ledger\.api\.v1\./;
const PROTO = fileURLToPath(new URL('../../canton/proto/', import.meta.url));

test('sandbox: every rpc of canton/proto is in exactly one table', () => {
  assert.deepEqual(
    [...IN_FULL, ...IN_PART, ...NOT_AT_ALL].sort(),
    rpcs()
      .filter(({ path }) => !IS_OF_210.test(path))
      .map(({ short }) => short)
      .sort(),
  );
});

// Each method gets one empty message; what it answers does not matter here.
test('sandbox: exactly the methods that are said to be missing are unimplemented', async (t) => {
  const sandbox = await startSandbox({ scenario: { contracts: { count: 10 }, timing: QUICK_TIMING } });
  t.after(() => sandbox.close());
  const { admin, ledger } = sandbox.addresses.target;
  const apis = [admin, ledger, new URL(sandbox.synchronizers.target.url).host];

  const clients = apis.map((address) => new Client(address, credentials.createInsecure()));
  t.after(() => clients.forEach((client) => client.close()));

  const missing = await missingOf(
    clients,
    rpcs().filter(({ path }) => !IS_OF_210.test(path)),
  );

  assert.deepEqual(missing, NOT_AT_ALL.toSorted());
});

test('sandbox: exactly the methods that are said to be missing of Canton 2.10 are unimplemented', async (t) => {
  const sandbox = await startSandbox210({ contracts: { count: 10 }, edition: 'enterprise' });
  t.after(() => sandbox.close());
  const { admin, ledger } = sandbox.addresses.target;
  const clients = [admin, ledger].map((address) => new Client(address, credentials.createInsecure()));
  t.after(() => clients.forEach((client) => client.close()));

  const missing = await missingOf(
    clients,
    rpcs().filter(({ path }) => IS_OF_210.test(path)),
  );

  assert.deepEqual(missing, tableBelow(SANDBOX, 'Not at all of Canton 2.10').flat().toSorted());
});

test('sandbox: every field of a scenario is in its table', () => {
  const table = /^## Scenario$([\s\S]*?)^## /m.exec(SANDBOX)?.[1] ?? '';
  const { contracts, parties, timing } = SCENARIO_SCHEMA.properties;
  const names = [SCENARIO_SCHEMA, contracts, parties, timing]
    .map(({ properties }) => properties)
    .flatMap((properties) => Object.keys(properties))
    .filter((name) => !table.includes(`\`${name}`));

  assert.deepEqual(names, []);
});

test('sandbox: every field that protects an API is in its table', () => {
  const rows = tableBelow(SANDBOX, 'TLS and tokens').map(([field]) => field);
  const { tls, auth } = SCENARIO_SCHEMA.properties.source.properties.admin.properties;
  const names = [
    ...Object.keys(tls.properties).map((name) => `tls.${name}`),
    ...auth.oneOf.flatMap((kind) => Object.keys(kind.properties)).map((name) => `auth.${name}`),
  ];

  assert.deepEqual(
    names.filter((name) => !rows.join(' ').includes(name)),
    [],
  );
});

test('sandbox: the example of a scenario is what its schema accepts', () => {
  const [, example = ''] = /```json\n([\s\S]*?)```/.exec(SANDBOX) ?? [];

  assert.doesNotThrow(() => checkScenario(JSON.parse(example)));
});

test('sandbox: every route of the control port is in its table', () => {
  const control = readFileSync(new URL('../../sandbox/control.ts', import.meta.url), 'utf8');
  const table = tableBelow(SANDBOX, 'Control port').flat().join(' ');
  const routes = [...control.matchAll(/'((?:GET|POST|DELETE) \/[\w/-]+)'/g)].map(([, route]) => route!);

  assert.ok(routes.length > 10);
  assert.deepEqual(
    routes.filter((route) => !table.includes(route)),
    [],
  );
});

/** Of a JSON schema. */

function rpcs(): { short: string; path: string }[] {
  return readdirSync(PROTO, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.proto'))
    .flatMap((file) => {
      const text = readFileSync(PROTO + file, 'utf8');
      const prefix = /^package ([\w.]+);/m.exec(text)?.[1] ?? '';
      return [...text.matchAll(/^service (\w+) \{([\s\S]*?)^\}/gm)].flatMap(([, service, body]) =>
        [...body!.matchAll(/^\s*rpc (\w+)/gm)].map(([, method]) => ({
          short: `${service}/${method}`,
          path: `/${prefix}.${service}/${method}`,
        })),
      );
    });
}

/**
 * The status of a call with one empty message, whatever its kind: on the wire they do not differ. A stream that
 * does not end is given up: what is not there is answered at once.
 */
function codeOf(client: Client, path: string): Promise<number> {
  const asIs = (bytes: Buffer) => bytes;
  return new Promise((resolve) => {
    const options = { deadline: Date.now() + OPEN_LIMIT_MS };
    const call = client.makeBidiStreamRequest(path, asIs, asIs, options);
    call.on('data', () => undefined);
    call.on('error', () => undefined);
    call.on('status', ({ code }) => resolve(code));
    call.write(Buffer.alloc(0));
    call.end();
  });
}

/** The methods that none of these clients gets answered, in order. */
async function missingOf(clients: Client[], all: ReturnType<typeof rpcs>): Promise<string[]> {
  const codes = await Promise.all(
    all.map(async ({ short, path }) => {
      const answers = await Promise.all(clients.map((client) => codeOf(client, path)));
      const unimplemented: number = status.UNIMPLEMENTED;
      return { short, isMissing: answers.every((code) => code === unimplemented) };
    }),
  );
  return codes
    .filter(({ isMissing }) => isMissing)
    .map(({ short }) => short)
    .sort();
}
