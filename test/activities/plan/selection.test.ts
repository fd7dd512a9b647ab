import assert from 'node:assert/strict';
import test from 'node:test';

import { namedIds, selects, findUnmatchedWarnings } from '../../../activities/plan/selection.js';
import type { PlannedParty } from '../../../model/plan.js';
import type { MigrationRequest } from '../../../model/request.js';
import { requestProblems } from '../../../model/validation.js';

const [OURS, THEIRS] = [`1220${'11'.repeat(32)}`, `1220${'22'.repeat(32)}`];
const [ALICE, ALBERT, WALLET] = [`alice::${OURS}`, `albert::${THEIRS}`, `wallet-7::${THEIRS}`];

const asking = (...parties: string[]): MigrationRequest => ({
  source: 'old',
  target: 'new',
  sourceSynchronizer: 'one',
  targetSynchronizer: 'other',
  parties,
});

/** Which of the three a request means; the last one is external. */
const meant = (...terms: string[]) => {
  const isMeant = selects(asking(...terms));
  return [ALICE, ALBERT, WALLET].filter((party) =>
    isMeant(party, party === WALLET ? 'external' : 'local'),
  );
};

test('plan selection: parties are meant by id, by class and by pattern, and everybody if the request has none', () => {
  const { source, target, sourceSynchronizer, targetSynchronizer } = asking();
  const silent = { source, target, sourceSynchronizer, targetSynchronizer };

  assert.ok(selects(silent)(ALICE, 'local'));
  assert.deepEqual(meant(WALLET), [WALLET]);
  assert.deepEqual(meant('local'), [ALICE, ALBERT]);
  assert.deepEqual(meant(`*::${THEIRS}`), [ALBERT, WALLET]);
  assert.deepEqual(meant('al*'), [ALICE, ALBERT]);
  assert.deepEqual(meant('a*x*'), []);
  assert.deepEqual(meant('a*b*r*::*'), [ALBERT]);
  assert.deepEqual(meant('external', ALICE), [ALICE, WALLET]);
  // Begin and end may not be the same letters.
  assert.deepEqual(meant(`alice::${OURS}*${OURS}`), []);
});

test('plan selection: only ids have to be there, a class or pattern without a party is named', () => {
  const request = asking(ALICE, 'external', 'nobody*');
  const parties = [{ party: ALICE, class: 'local' }] as PlannedParty[];

  assert.deepEqual(namedIds(request), [ALICE]);
  const [finding] = findUnmatchedWarnings(request, parties);
  assert.deepEqual(
    [finding?.type, findUnmatchedWarnings(asking('local', 'al*'), parties)],
    ['NoPartyMatches', []],
  );
  assert.match(finding!.what, /external and nobody\*|external, nobody\*/);
});

test('plan selection: a request may be a reference to a stored list, and what is no party is refused', () => {
  const stored = { ...asking(), parties: { storedList: 'ab'.repeat(32), count: 7 } };

  assert.deepEqual(requestProblems(stored), []);
  assert.deepEqual(requestProblems(asking(ALICE, 'local', `*::${OURS}`, 'pre*')), []);
  const [problem] = requestProblems(asking('alice'));
  assert.match(problem!, /^parties\.0: found "alice", expected a party id, a class \(local, /);
  assert.match(
    requestProblems({ ...stored, parties: { storedList: 'x' } })[0]!,
    /parties\.count: missing/,
  );
  assert.equal(requestProblems(asking()).length, 1);
});
