import type { LedgerControl } from './ledger/half.js';
import type { LocalStateScenario } from './scenario.js';

const RIGHTS = ['can_act_as', 'can_read_as', 'can_execute_as'];
const HOUR_SECONDS = '3600';
const MONTH_SECONDS = '2592000';

/** Gives a new source its users, identity providers, annotations of parties and pruning schedule. */
export function seedLocalState(
  { accounts, pruning }: LedgerControl,
  wanted: LocalStateScenario,
  parties: readonly string[],
): void {
  const { users, providers, parties: records } = accounts;
  for (let n = 1; n <= wanted.identityProviders; n++) {
    providers.create({
      identity_provider_id: `provider-${n}`,
      is_deactivated: false,
      issuer: `https://issuer-${n}.example`,
      jwks_url: `https://issuer-${n}.example/jwks.json`,
      audience: '',
    });
  }
  for (let n = 1; n <= wanted.users; n++) {
    const isOfProvider = n > 1 && n === wanted.users && wanted.identityProviders > 0;
    users.create({
      id: `user-${n}`,
      primaryParty: parties[(n - 1) % Math.max(1, parties.length)] ?? '',
      isDeactivated: false,
      identityProvider: isOfProvider ? 'provider-1' : '',
      authenticatesPrimaryParty: false,
      annotations: { 'example.com/desk': `desk ${n}` },
      rights: rightsOf(n, wanted.rightsPerUser, parties),
      version: 0,
    });
  }
  for (const party of parties.slice(0, wanted.annotatedParties)) {
    records.create(party, '', { 'example.com/owner': `owner of ${party.split('::')[0]}` });
  }
  if (wanted.pruningCron === '') return;
  pruning.set({
    cron: wanted.pruningCron,
    max_duration: { seconds: HOUR_SECONDS },
    retention: { seconds: MONTH_SECONDS },
  });
}

/** Kinds and parties in turn, so that users differ. */
function rightsOf(user: number, count: number, parties: readonly string[]): string[] {
  if (parties.length === 0) return [];
  return Array.from({ length: count }, (_, n) => {
    const party = parties[(user + Math.floor(n / RIGHTS.length)) % parties.length];
    return `${RIGHTS[n % RIGHTS.length]} ${party}`;
  });
}
