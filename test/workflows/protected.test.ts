import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';

import type { CredentialOptions } from '../../canton/credentials.js';
import type { ChannelOptions } from '../../canton/index.js';
import { RARER } from '../support/boundaries.js';
import { makeProtection, type Api, type Protection } from '../support/protection.js';
import { REQUEST, SMALL } from '../support/stack.js';
import { startMigrationStack, type MigrationStack } from '../support/temporal.js';
import { textOf } from '../support/text.js';
import { CLIENT, issued, startTokenServer } from '../support/token-server.js';

/** Long enough for any call of a small migration, and short enough to need several. */
const SECONDS_TO_LIVE = 5;

interface Protected {
  protection: Protection;
  folder: string;
  /** Every token that was given out. */
  tokens: string[];
}

async function protect(t: TestContext): Promise<Protected> {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-protected-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return { protection: await makeProtection(folder), folder, tokens: [] };
}

async function makeToken({ protection, tokens }: Protected, api: Api, secondsToLive = 3600) {
  const token = await protection.token(api, { secondsToLive });
  tokens.push(token);
  return token;
}

/** A server of tokens that soon expire. */
async function tokenServer(t: TestContext, its: Protected, api: Api) {
  const server = await startTokenServer(its.protection.authority, async () =>
    issued(await makeToken(its, api, SECONDS_TO_LIVE), SECONDS_TO_LIVE),
  );
  t.after(() => server.close());
  return server;
}

/** Temporal keeps what happened, and none of what the worker proved itself with. */
async function assertKept({ handle }: MigrationStack, id: string, its: Protected): Promise<void> {
  const history = textOf(await handle(id).fetchHistory());
  assert.ok(history.includes('delegate-namespace'));
  for (const secret of [...its.tokens, CLIENT.clientSecret]) assert.ok(!history.includes(secret));
}

test(
  'protected: a migration over mutual TLS, each API with a credential of its own, keeps every secret',
  RARER,
  async (t) => {
    const its = await protect(t);
    const { tls } = its.protection;
    const file = join(its.folder, 'token');
    writeFileSync(file, await makeToken(its, 'admin'));
    const servers = {
      admin: await tokenServer(t, its, 'admin'),
      ledger: await tokenServer(t, its, 'ledger'),
    };
    const credentials: Record<string, Record<Api, CredentialOptions>> = {
      source: { admin: { tokenFile: file }, ledger: { token: await makeToken(its, 'ledger') } },
      target: { admin: { oauth: servers.admin.oauth }, ledger: { oauth: servers.ledger.oauth } },
    };
    const stack = await startMigrationStack(t, {
      scenario: { ...SMALL, ...its.protection.scenario },
      channels: (name, addresses) => {
        const channel = (api: Api): ChannelOptions => ({
          address: addresses[api],
          tls,
          ...credentials[name]?.[api],
        });
        return { admin: channel('admin'), ledger: channel('ledger') };
      },
    });
    const { sandbox, client, approve } = stack;
    const contracts = sandbox.participants.source.contracts().sort();

    const id = await client.start(REQUEST);
    await approve(id, 'root-key');
    writeFileSync(file, await makeToken(its, 'admin'));
    await approve(id, 'interrupt-service');
    await approve(id, 'cut-over');
    const report = await client.result(id);

    assert.equal(report.outcome, 'migrated');
    assert.deepEqual(sandbox.participants.target.contracts().sort(), contracts);
    assert.deepEqual(sandbox.participants.target.connected(), ['da']);
    const refused = sandbox.calls.list().filter(({ outcome }) => outcome === 'UNAUTHENTICATED');
    assert.deepEqual(refused, []);
    await assertKept(stack, id, its);
  },
);

// What an operator does: reads the cure, replaces the file, resumes.
test(
  'protected: a token that expires stops the migration with its cure, and a new one lets it go on',
  RARER,
  async (t) => {
    const its = await protect(t);
    const { tls } = its.protection;
    const file = join(its.folder, 'token');
    writeFileSync(file, await makeToken(its, 'admin'));
    const ledgerToken = await makeToken(its, 'ledger');
    const stack = await startMigrationStack(t, {
      scenario: { ...SMALL, ...its.protection.scenario },
      channels: (_name, { admin, ledger }) => ({
        admin: { address: admin, tls, tokenFile: file },
        ledger: { address: ledger, tls, token: ledgerToken },
      }),
    });
    const { client, approve, until } = stack;
    const id = await client.start(REQUEST);
    await until(id, ({ gate }) => gate?.name === 'root-key');

    writeFileSync(file, await makeToken(its, 'admin', -1));
    await approve(id, 'root-key');
    const { lastFailure } = await until(id, ({ state }) => state === 'stopped');
    assert.equal(lastFailure?.type, 'Unauthenticated');
    assert.match(lastFailure.message, /^(source|target): .*Admin API does not accept.*which expired at/);
    assert.match(lastFailure.cure, /replace the content of the token file/);
    writeFileSync(file, await makeToken(its, 'admin'));
    await client.resume(id, { by: 'test' });
    await approve(id, 'interrupt-service');
    await client.abort(id, { by: 'test' });

    await assert.rejects(client.result(id), /aborted by test/);
    await assertKept(stack, id, its);
  },
);
