import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { startSandbox } from '../../sandbox/index.js';
import type { CheckName } from '../../setup/doctor/result.js';
import { configurationOf, diagnosed, resultsOf, setupFolder } from '../support/diagnosing.js';
import { makeProtection, type Api, type TokenFlaw } from '../support/protection.js';
import { SMALL } from '../support/stack.js';

const folder = setupFolder({ after: (work) => after(work) });
const protection = await makeProtection(folder);
const sandbox = await startSandbox({ scenario: { ...SMALL, ...protection.scenario } });
after(() => sandbox.close());
for (const [name, bytes] of Object.entries(protection.tls))
  writeFileSync(join(folder, `worker.${name}`), bytes, { mode: 0o600 });
const TLS = { ca: 'worker.ca', cert: 'worker.cert', key: 'worker.key' };

/** What is found if one API of the source is reached in another way than the rest. */
async function found(api: Api, { flaw, tls = TLS }: { flaw?: TokenFlaw; tls?: object | 'none' }) {
  const good = { admin: await protection.token('admin'), ledger: await protection.token('ledger') };
  const other = flaw ? await protection.token(api, flaw) : good[api];
  const results = await diagnosed(
    folder,
    configurationOf(sandbox.addresses, (name, its) => {
      const isOther = name === 'source' && its === api;
      const used = isOther ? tls : TLS;
      return { token: isOther ? other : good[its], ...(used !== 'none' && { tls: used }) };
    }),
  );
  for (const token of [...Object.values(good), other])
    assert.ok(!JSON.stringify(results).includes(token));
  return resultsOf(results, 'problem').map(({ check, about, what }) => ({ check, about, what }));
}

test('doctor: over mutual TLS, with tokens that suffice, nothing is wrong', async () => {
  assert.deepEqual(await found('admin', {}), []);
});

const FAULTS: [string, Api, Parameters<typeof found>[1], CheckName, RegExp][] = [
  [
    'a token of another signer',
    'admin',
    { flaw: { isSignedByOther: true } },
    'reachability',
    /does not accept/,
  ],
  ['an expired token', 'ledger', { flaw: { secondsToLive: -5 } }, 'reachability', /which expired at/],
  [
    'a user without ParticipantAdmin',
    'ledger',
    { flaw: { user: 'reader' } },
    'rights',
    /UserManagementService\/ListUsers/,
  ],
  [
    'a user without CanReadAsAnyParty',
    'ledger',
    { flaw: { user: 'manager' } },
    'rights',
    /: StateService\/GetActiveContracts, UpdateService\/GetUpdates$/,
  ],
  [
    'a user who is no admin',
    'admin',
    { flaw: { user: 'reader' } },
    'rights',
    /VaultService\/ListMyKeys/,
  ],
  [
    'plain text to TLS',
    'admin',
    { tls: 'none' },
    'reachability',
    /speaks TLS, and tls is not configured/,
  ],
  [
    'an authority that is not trusted',
    'ledger',
    { tls: { ...TLS, ca: 'worker.cert' } },
    'reachability',
    /not trusted/,
  ],
  [
    'another name than in the certificate',
    'ledger',
    { tls: { ...TLS, serverName: 'else.test' } },
    'reachability',
    /is for another name/,
  ],
  ['no client certificate', 'admin', { tls: { ca: TLS.ca } }, 'reachability', /client certificate/],
];

for (const [name, api, how, check, what] of FAULTS) {
  test(`doctor: ${name} is said of this API alone`, async () => {
    const problems = await found(api, how);

    assert.equal(problems.length, 1, JSON.stringify(problems));
    const [problem] = problems;
    assert.equal(problem?.check, check);
    assert.equal(problem.about, `source, ${api === 'admin' ? 'Admin API' : 'Ledger API'}`);
    assert.match(problem.what, what);
  });
}
