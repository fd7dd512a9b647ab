import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { join } from 'node:path';

import type {
  HandedIn,
  HostingRequest,
  HostingSignature,
  ListedHostings,
} from '../../../model/ceremony.js';
import type { Listed } from '../../../model/listed.js';
import { namespaceOf, type PlannedParty } from '../../../model/plan.js';
import { PARTY_VIEWS } from '../../../model/plan-parties.js';
import { openLists } from '../../../storage/open.js';
import { QUICK_TIMING, type ScenarioChange } from '../../../sandbox/index.js';
import { handedIn, plannedExternal } from '../../support/hosting-signatures.js';
import { startStack, type Stack } from '../../support/stack.js';

const NOBODY = { local: 1, multiHosted: 0, external: 0, decentralized: 0, foreign: 0 };
const THRESHOLD_BYTES = 2;
const AT = { by: 'ada', providedAt: '2026-11-30T09:00:00Z' };

interface Ceremony extends Stack {
  parties: PlannedParty[];
  input: Parameters<Stack['act']['generateHostings']>[0];
  items: <T>(list: Listed<T>) => Promise<readonly T[]>;
}

/** External parties of a source that are to be hosted on another synchronizer, or on its own. */
async function startCeremony(
  t: TestContext,
  counts: NonNullable<ScenarioChange['parties']>,
  route: 'live' | 'new-synchronizer' = 'new-synchronizer',
): Promise<Ceremony> {
  const stack = await startStack(t, {
    timing: QUICK_TIMING,
    contracts: { count: 0 },
    parties: { ...NOBODY, ...counts },
    ...(route === 'live' && { target: { synchronizers: ['source'] } }),
  });
  const { synchronizers, topology } = stack.participants.get('source')!;
  const [acme] = await synchronizers.listRegistered();
  const [there] = await stack.participants.get('target')!.synchronizers.listRegistered();
  const store = { synchronizerId: acme!.logicalId };
  const mappings = await topology.listPartyMappings(store, { participantUid: stack.refs.source.uid });
  const parties = mappings.filter(({ signingKeys }) => signingKeys).map(plannedExternal);
  const lists = openLists(join(stack.spoolFolder, 'lists'), []);
  const input = {
    ...stack.refs,
    ...{ route, parties, synchronizerId: there!.logicalId, sourceSynchronizerId: acme!.logicalId },
  };
  return { ...stack, parties, input, items: (list) => lists.read(list) };
}

test('ceremony: 250 parties of three keys are three requests, and three signatures host them all', async (t) => {
  const { act, sandbox, input, items, parties } = await startCeremony(t, {
    external: 250,
    externalKeys: 3,
  });
  const { requests: kept, signatures, counts } = await act.generateHostings(input);
  const requests = await items<HostingRequest>(kept);

  assert.deepEqual(
    requests.map(({ transactions }) => transactions.length),
    [84, 83, 83],
  );
  assert.deepEqual(
    [counts.requests, counts.parties, counts.keys, counts.given, counts.missing],
    [3, 250, 3, 0, 3],
  );
  for (const { key, namespace, transactions } of requests) {
    assert.equal(key.fingerprint, namespace);
    assert.ok(transactions.every(({ party }) => namespaceOf(party) === namespace));
  }
  const given = requests.map((its) => handedIn(sandbox, its));
  const taken = await act.takeSignatures({ requests: kept, signatures, handedIn: given, ...AT });
  assert.deepEqual([taken.accepted, taken.refusedCount, taken.counts.missing], [3, 0, 0]);

  const hosted = await act.ensurePartiesHosted({
    ...input,
    parties: PARTY_VIEWS.wanted(parties),
    signed: { requests: kept, signatures: taken.signatures },
  });
  assert.deepEqual(hosted, { hosted: 250 });
});

test('ceremony: a key with more than a hundred parties signs a hundred at a time, on the live route too', async (t) => {
  const { act, input, items } = await startCeremony(t, { external: 101, externalKeys: 1 }, 'live');
  const { requests: kept, counts } = await act.generateHostings(input);
  const requests = await items<HostingRequest>(kept);

  assert.deepEqual(
    requests.map(({ transactions }) => transactions.length),
    [100, 1],
  );
  assert.equal(requests[1]!.hash, requests[1]!.transactions[0]!.hash);
  assert.deepEqual([counts.requests, counts.parties, counts.keys], [2, 101, 1]);
});

test('ceremony: signatures that are not right are refused by line with the reason, and the others stand', async (t) => {
  const { act, sandbox, input, items } = await startCeremony(t, { external: 4 });
  const { requests: kept, signatures } = await act.generateHostings(input);
  const [one, two, three, four] = await items<HostingRequest>(kept);
  const right = [one!, two!, three!, four!].map((its) => handedIn(sandbox, its));
  const [first, second, third, fourth] = right as [HandedIn, HandedIn, HandedIn, HandedIn];
  const flipped = Buffer.from(third.signature, 'base64');
  flipped[5]! ^= 1;
  const take = (list: unknown[], given: Listed<HostingSignature> = signatures) =>
    act.takeSignatures({ requests: kept, signatures: given, handedIn: list, ...AT });

  const taken = await take([
    first,
    { ...second, signature: first.signature },
    { ...third, signature: flipped.toString('base64') },
    { ...third, hash: `1220${'ab'.repeat(32)}` },
    first,
    { ...third, signedBy: one!.key.fingerprint },
    { ...third, algorithm: 'EC_DSA_SHA_256' },
    { ...third, signature: 'AAAA' },
    { ...third, signature: 'no base64!' },
    { hash: third.hash },
    null,
    fourth,
  ]);

  assert.deepEqual([taken.accepted, taken.alreadyGiven, taken.refusedCount], [2, 1, 9]);
  assert.deepEqual(
    taken.refused.map(({ line, type }) => `${line} ${type}`),
    [
      '2 SignatureWrong',
      '3 SignatureWrong',
      '4 HashUnknown',
      '6 KeyMismatch',
      '7 AlgorithmMismatch',
      '8 SignatureLength',
      '9 InputInvalid',
      '10 InputInvalid',
      '11 InputInvalid',
    ],
  );
  assert.equal(taken.counts.missing, 2);
  const kinds = await items<HostingSignature>(taken.signatures);
  assert.deepEqual(
    kinds.map(({ hash, by }) => [hash, by]),
    [first, fourth].map(({ hash }) => [hash, 'ada']),
  );
  const again = await take(right, taken.signatures);
  assert.deepEqual([again.accepted, again.alreadyGiven, again.counts.missing], [2, 2, 0]);
});

test('ceremony: where a party is new, each key that it signs with signs its hosting too', async (t) => {
  const { act, sandbox, input, items, parties } = await startCeremony(t, { external: 2 });
  const [one, two] = parties as [PlannedParty, PlannedParty];
  const [first, second] = [one, two].map(({ hosting }) =>
    Buffer.from(hosting!.signingKeys!, 'base64'),
  ) as [Buffer, Buffer];
  // Both keys in one mapping: a repeated field of protobuf, and the threshold at the end.
  const signingKeys = Buffer.concat([first.subarray(0, -THRESHOLD_BYTES), second]).toString('base64');
  const withBoth = { ...one, hosting: { ...one.hosting!, signingKeys } };
  const { requests: kept, signatures } = await act.generateHostings({ ...input, parties: [withBoth] });
  const requests = await items<HostingRequest>(kept);

  assert.deepEqual(
    requests.map(({ key, namespace, isRequired }) => [key.fingerprint, namespace, isRequired]),
    [
      [namespaceOf(one.party), namespaceOf(one.party), true],
      [namespaceOf(two.party), namespaceOf(one.party), true],
    ],
  );
  // They sign the same hash, so each signature is known by its key, whether that is said or not.
  const given = requests.map((its) => {
    const { hash, signature } = handedIn(sandbox, its);
    return { hash, signature };
  });
  const taken = await act.takeSignatures({ requests: kept, signatures, handedIn: given, ...AT });
  assert.deepEqual([taken.accepted, taken.refusedCount, taken.counts.missing], [2, 0, 0]);
  const again = { requests: kept, signatures: taken.signatures, handedIn: given, ...AT };
  assert.equal((await act.takeSignatures(again)).alreadyGiven, 2);
});

// Somebody hosted one of the parties and took that back: its mapping has another serial now.
test('ceremony: what is signed of a mapping that has changed since is made anew for its party, and the others stand', async (t) => {
  const { act, sandbox, input, items, parties, refs } = await startCeremony(t, {
    external: 3,
    externalKeys: 1,
  });
  const { synchronizerId } = input;
  const [changed] = parties as [PlannedParty];
  const sign = async (made: Awaited<ReturnType<typeof act.generateHostings>>, skipped = 0) => {
    const requests = (await items(made.requests)).slice(skipped);
    const given = requests.map((its) => handedIn(sandbox, its));
    return act.takeSignatures({ ...made, handedIn: given, ...AT });
  };
  const host = (some: PlannedParty[], signed: ListedHostings) =>
    act.ensurePartiesHosted({
      ...{ ...input, signed },
      parties: PARTY_VIEWS.wanted(some),
    });
  const before = await act.generateHostings(input);
  const { signatures } = await sign(before);
  const alone = await act.generateHostings({ ...input, parties: [changed] });
  await host([changed], { ...alone, signatures: (await sign(alone)).signatures });
  await act.withdrawParties({
    ...{ target: refs.target, synchronizerId },
    parties: PARTY_VIEWS.former([changed]),
  });

  const signed = { requests: before.requests, signatures };
  const renewed = await act.generateHostings({ ...input, earlier: signed });
  const requests = await items<HostingRequest>(renewed.requests);

  assert.deepEqual(
    requests.map(({ transactions }) => transactions.map(({ party, isOutdated }) => [party, isOutdated])),
    [
      parties.map(({ party }) => [party, party === changed.party ? true : undefined]),
      [[changed.party, undefined]],
    ],
  );
  assert.deepEqual(renewed.signatures, signatures);
  assert.deepEqual([renewed.counts.given, renewed.counts.missing], [1, 1]);
  const all = await sign(renewed, 1);
  const hosted = await host(parties, { requests: renewed.requests, signatures: all.signatures });
  assert.deepEqual(hosted, { hosted: 3 });
});
