import type { ScenarioChange } from '../../sandbox/index.js';
import { PROMPT_LIVE } from './route-steps.js';

/** A party or two of every kind, each with a contract. */
const PARTIES = {
  ...{ local: 1, external: 2, multiHosted: 1, jointlyConfirmed: 1, decentralized: 1 },
  ...{ decentralizedShared: 1, inOthersNamespace: 1, foreign: 1 },
};
const CONTRACTS = {
  ...{ count: 2, ofExternal: 2, ofMultiHosted: 1, ofJointlyConfirmed: 1, ofDecentralized: 1 },
  ...{ ofDecentralizedShared: 1, ofInOthersNamespace: 1 },
};

/** Of the live route. */
export const EVERY_KIND = {
  ...PROMPT_LIVE,
  parties: PARTIES,
  contracts: CONTRACTS,
} satisfies ScenarioChange;

/** What goes over another synchronizer: whoever is hosted by others too stays. */
export const KINDS_FOR_ANOTHER = {
  parties: {
    ...{ local: 1, external: 2, externalKeys: 1, externalWithDelegation: 1, decentralized: 1 },
    ...{ multiHosted: 1, decentralizedShared: 1, inOthersNamespace: 1, foreign: 1 },
  },
  contracts: { count: 2, ofExternal: 2, ofDecentralized: 1 },
} satisfies ScenarioChange;
