import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import type { Finding } from '../../model/plan.js';
import type { AllowedKeysScenario } from '../../sandbox/scenario.js';
import { planWith } from '../support/pretending.js';
import { SMALL, startStack } from '../support/stack.js';
import { makeProtocolKey, publishKeys } from '../support/topology-changes.js';

const typesOf = (findings: Finding[]) => findings.map(({ type }) => type);

/** A target in a KMS, with EC_P256 and RSA_2048 keys, on a synchronizer that is what is given. */
function startOn(
  t: TestContext,
  synchronizer: { url?: string; allowedKeys?: Partial<AllowedKeysScenario> },
) {
  return startStack(t, { ...SMALL, synchronizers: { target: synchronizer } });
}

test('plan: keys that the target synchronizer allows are neither an obstacle nor a warning', async (t) => {
  const { plan } = await startStack(t);

  const { obstacles, warnings } = (await plan()).plan;

  assert.deepEqual(obstacles, []);
  assert.ok(!typesOf(warnings).includes('KeySchemesNotChecked'));
});

test('plan: an encryption key whose scheme the target synchronizer does not allow is an obstacle', async (t) => {
  const { plan, participants } = await startOn(t, { allowedKeys: { encryption: ['EC_P256'] } });
  const keys = await participants.get('target')!.vault.listKeys();
  const { name } = keys.find(({ purpose }) => purpose === 'encryption')!;

  const { obstacles } = (await plan()).plan;

  assert.deepEqual(typesOf(obstacles), ['KeySchemeNotAllowed']);
  assert.equal(
    obstacles[0]!.what,
    `the encryption key ${name} of target is RSA_2048, and the static parameters of da allow EC_P256`,
  );
});

test('plan: every signing key whose scheme the target synchronizer does not allow is named', async (t) => {
  const { plan, participants } = await startOn(t, {
    allowedKeys: { signing: ['EC_CURVE25519', 'EC_P384'] },
  });
  const keys = await participants.get('target')!.vault.listKeys();
  const signing = keys.filter(({ purpose }) => purpose === 'signing');

  const { obstacles } = (await plan()).plan;

  assert.deepEqual(
    obstacles.map(({ type, what }) => `${type}: ${what}`),
    signing.map(
      ({ name }) =>
        `KeySchemeNotAllowed: the signing key ${name} of target is EC_P256, and the static parameters of da allow EC_CURVE25519, EC_P384`,
    ),
  );
  assert.ok(signing.length > 1);
});

// Source: networks I.
test('plan: a retired key of a scheme that is not allowed is no obstacle, one in use is', async (t) => {
  const { plan, sandbox } = await startOn(t, { allowedKeys: { signing: ['EC_P256'] } });
  const { target } = sandbox.participants;
  makeProtocolKey(target, 'older', 'SIGNING_KEY_SPEC_EC_P384');
  publishKeys(target);

  const inUse = (await plan()).plan.obstacles;
  publishKeys(target, ['older']);
  const retired = (await plan()).plan.obstacles;

  assert.deepEqual(typesOf(inUse), ['KeySchemeNotAllowed']);
  assert.ok(inUse[0]!.what.startsWith('the signing key older of target is EC_P384'));
  assert.deepEqual(retired, []);
});

test('plan: a key in use that the vault no longer holds is an obstacle, and one that is retired is none', async (t) => {
  const stack = await startStack(t);
  const { target } = stack.sandbox.participants;
  makeProtocolKey(target, 'older', 'SIGNING_KEY_SPEC_EC_P256');
  publishKeys(target);
  const keys = await stack.participants.get('target')!.vault.listKeys();
  const { fingerprint } = keys.find(({ name }) => name === 'older')!;
  const listKeys = () => Promise.resolve(keys.filter((key) => key.fingerprint !== fingerprint));
  const planned = () => planWith(stack, { target: { vault: { listKeys } } });

  const inUse = (await planned()).obstacles;
  publishKeys(target, ['older']);
  const retired = (await planned()).obstacles;

  assert.deepEqual(
    inUse.map(({ type, what }) => `${type}: ${what}`),
    [
      `KeyInUseMissing: the signing key ${fingerprint} stands in the list of keys that target uses (OwnerToKeyMapping), and its vault does not hold it`,
    ],
  );
  assert.deepEqual(retired, []);
});

// As on the reverse migration, where the target is parked.
test('plan: keys of a target that is disconnected are checked all the same', async (t) => {
  const { plan, act, refs } = await startOn(t, { allowedKeys: { encryption: [] } });
  await act.isolateTarget({ target: refs.target });

  const { obstacles } = (await plan()).plan;

  assert.deepEqual(typesOf(obstacles).sort(), ['KeySchemeNotAllowed', 'TargetNotConnected']);
  assert.ok(obstacles.some(({ what }) => what.endsWith('allow none')));
});

test('plan: keys that cannot be checked because no sequencer answers are a warning', async (t) => {
  const { plan } = await startOn(t, {
    url: 'http://127.0.0.1:1',
    allowedKeys: { signing: [], encryption: [] },
  });

  const { obstacles, warnings } = (await plan()).plan;

  assert.deepEqual(obstacles, []);
  const found = warnings.filter(({ type }) => type === 'KeySchemesNotChecked');
  assert.deepEqual(
    found.map(({ what }) => what),
    ['no sequencer of da told the worker which keys it allows: 127.0.0.1:1 (UNAVAILABLE)'],
  );
});

test('plan: two plans without an answer of the sequencer have the same hash', async (t) => {
  const { plan } = await startOn(t, { url: 'http://127.0.0.1:1' });

  assert.equal((await plan()).hash, (await plan()).hash);
});
