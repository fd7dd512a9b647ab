import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { readSandbox } from '../../demo/sandbox-addresses.js';
import { SEARCH_ATTRIBUTES } from '../../model/steering.js';
import { freePorts } from '../../tools/free-port.js';
import { nodeArguments } from '../../tools/package-root.js';
import { removeAtEnd, startProcess } from '../../tools/processes.js';
import { startTemporalServer } from '../../tools/temporal-server.js';
import { isEveryBoundary, RARER } from '../support/boundaries.js';
import { buildImage, call, findNoReplay, inContainer, type Image } from '../support/image.js';
import { isOffline, OFFLINE, packTarballs } from '../support/packed.js';

const READY_LIMIT_MS = 120_000;
const POLL_MS = 100;
const UID = 10_001;
/** The whole build takes minutes. */
const IN_FULL = isEveryBoundary ? {} : { skip: 'builds everything again: npm run image' };

test(
  'image: replayed in an empty root file system, its worker is ready and healthy',
  RARER,
  async (t) => {
    const reason = findNoReplay();
    if (reason !== undefined) return t.skip(reason);
    const folder = temporaryFolder();
    // What the stage `build` makes; the test below replays that one, too.
    const { folder: tarballs, packed } = await packTarballs();
    const given = join(folder, 'given');
    mkdirSync(join(given, 'build'), { recursive: true });
    for (const { filename } of packed) cpSync(join(tarballs, filename), join(given, 'build', filename));

    const image = await built(t, 'worker', folder, { build: given });
    if (image) await assertServes(t, image);
  },
);

test('image: its tarballs come from the checkout alone', IN_FULL, async (t) => {
  const reason = findNoReplay();
  if (reason !== undefined) return t.skip(reason);

  const image = await built(t, 'trial', temporaryFolder());
  if (!image) return;
  const help = await call(inContainer(image, [...image.entrypoint, '--help']));

  assert.match(help, /^Usage: canton-migrate/);
});

/** Starts what the image starts, with a read-only root, and asks what its health check asks. */
async function assertServes(t: TestContext, image: Image): Promise<void> {
  const [port] = await freePorts(1);
  const { participants } = await startNodes(t);
  const configuration = { participants, health: { address: `127.0.0.1:${port}` } };
  mkdirSync(join(image.root, 'etc/canton-migrate'));
  writeFileSync(join(image.root, 'etc/canton-migrate/worker.yaml'), JSON.stringify(configuration));
  const searchAttributes = Object.values(SEARCH_ATTRIBUTES);
  const server = await startTemporalServer({ ui: 'none', searchAttributes });
  t.after(() => server.stop());
  const env = { TEMPORAL_ADDRESS: server.address, HEALTH_URL: `http://127.0.0.1:${port}/livez` };
  const isHealthy = () =>
    call(inContainer(image, image.healthCheck, env)).then(
      () => true,
      () => false,
    );

  assert.equal(image.user, `${UID}:${UID}`);
  assert.equal(await isHealthy(), false);
  const command = [...image.entrypoint, ...image.cmd];
  const started = inContainer(image, command, env);
  const worker = startProcess('the worker', 'unshare', started.args, { env: started.env });
  t.after(() => worker.stop());
  await worker.firstLine((line) => line.startsWith('worker ready'), READY_LIMIT_MS);

  assert.equal(await isHealthy(), true);
  await untilReady(`http://127.0.0.1:${port}/readyz`);
  assert.equal(statSync(join(image.root, 'var/lib/canton-migrate/spool')).uid, UID);
  await assert.rejects(call(inContainer(image, ['touch', '/app/file'])), /Read-only file system/);
  assert.match(
    await call(inContainer(image, [...image.entrypoint, '--help'])),
    /^Usage: canton-migrate/,
  );
}

/** It asks for work a moment after it has said that it is ready. */
async function untilReady(url: string): Promise<void> {
  for (const deadline = Date.now() + READY_LIMIT_MS; ; await setTimeout(POLL_MS)) {
    const answer = await fetch(url);
    if (answer.ok) return;
    assert.ok(Date.now() < deadline, await answer.text());
  }
}

async function startNodes(t: TestContext) {
  const args = [...nodeArguments('sandbox/main'), '--contracts', '10', '--json'];
  const sandbox = startProcess('the sandbox', process.execPath, args);
  t.after(() => sandbox.stop());
  return readSandbox(await sandbox.firstLine((line) => line.startsWith('{'), READY_LIMIT_MS));
}

async function built(
  t: TestContext,
  stage: string,
  folder: string,
  given: Record<string, string> = {},
): Promise<Image | undefined> {
  try {
    return await buildImage(stage, folder, given);
  } catch (error) {
    if (!isOffline(error)) throw error;
    t.skip(OFFLINE);
    return undefined;
  }
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-image-'));
  removeAtEnd(folder);
  return folder;
}
