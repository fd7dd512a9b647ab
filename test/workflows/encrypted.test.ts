import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import type { MigrationRequest } from '../../model/request.js';
import { runCli } from '../client/run-cli.js';
import { RARER } from '../support/boundaries.js';
import { assertServes, partiesOf, startLive } from '../support/live.js';
import { assertWithinPrivileges } from '../support/privileges.js';
import { storedTexts } from '../support/secret-scan.js';
import { temporalServer } from '../support/temporal.js';

const KEY = randomBytes(32);

test(
  'encrypted: with the keys a migration runs and tells what it does, without them nobody reads a name',
  RARER,
  async (t) => {
    const { stack, id } = await startLive(t, {
      payloadKeys: [{ id: 'now', key: KEY }],
      change: (activities) => {
        let isFirst = true;
        return {
          readPlan: async (input: unknown) => {
            // A failure that Temporal keeps: its message and its stack trace are in the history.
            if (isFirst) {
              isFirst = false;
              throw new Error(
                `${(input as MigrationRequest).source} and party_of_the_failure cannot be planned`,
              );
            }
            return activities.readPlan(input);
          },
        };
      },
    });
    assert.ok(id);
    const { client, until, approve, sandbox, taskQueue } = stack;
    const contracts = sandbox.participants.source.contracts().sort();
    await until(id, ({ gate }) => gate?.name === 'root-key');
    await client.pause(id, { by: 'ada who paused' });

    const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-keys-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const keyFile = join(folder, 'keys');
    writeFileSync(keyFile, `now ${KEY.toString('hex')}\n`, { mode: 0o600 });
    const otherFile = join(folder, 'others');
    writeFileSync(otherFile, `then ${KEY.toString('hex')}\n`, { mode: 0o600 });
    const environment = {
      TEMPORAL_ADDRESS: (await temporalServer()).address,
      TEMPORAL_NAMESPACE: 'default',
    };
    const status = (...args: string[]) =>
      runCli(['status', id, '--task-queue', taskQueue, ...args], { environment });
    const [known, without, other] = await Promise.all([
      status('--payload-keys', keyFile),
      status(),
      status('--payload-keys', otherFile),
    ]);
    assert.equal(known.code, 0, known.err);
    assert.match(known.out, /root-key/);
    assert.equal(without.code, 3, without.out);
    assert.match(
      without.err,
      /PayloadNotOpened: a payload is encrypted with the key "now", known here: none/,
    );
    assert.match(without.err, /next: name the file of the worker's keys: --payload-keys <file>/);
    assert.match(other.err, /with the key "now", known here: then/);

    await client.resume(id, { by: 'ada' });
    for (const gate of ['root-key', 'target-backup', 'switch'] as const) await approve(id, gate);
    const report = await client.result(id);
    assertServes(stack, sandbox.participants.target, { contracts, parties: partiesOf(report) });

    assertWithinPrivileges(sandbox);

    let stored = '';
    for await (const { text } of storedTexts(environment.TEMPORAL_ADDRESS)) stored += text;
    // Their namespace is that of the source, whose uid is the workflow id.
    const parties = partiesOf(report).map((party) => party.split('::')[0]!);
    assert.ok(parties.length > 0);
    assert.match(stored, /migrate-participant/);
    for (const name of [...parties, 'ada who paused', 'party_of_the_failure'])
      assert.ok(!stored.includes(name), `Temporal has ${name} in clear text`);
  },
);
