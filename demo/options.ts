import { parseArgs } from 'node:util';

import type { RouteName } from '../model/request.js';

export interface DemoOptions {
  /** Leave everything running at the end, until Ctrl-C. */
  isKept: boolean;
  /** Start what a migration needs, and leave the migrating to whoever reads. */
  isByHand: boolean;
  contractCount: number;
  /** Local ones; the sandbox's own number if left out. */
  partyCount?: number;
  route: RouteName;
  /** The generation of the simulated nodes. */
  canton: (typeof GENERATIONS)[number];
}

const CONTRACTS = 20_000;
const GENERATIONS = ['3', '2.10'] as const;
const ROUTES: readonly RouteName[] = ['new-synchronizer', 'live'];

export const USAGE = `Usage: npm run demo -- [--contracts N] [--parties N] [--route NAME] [--canton 3|2.10] [--keep | --by-hand]

Migrates a simulated participant to a KMS-backed one and shows every step.

  --contracts N  active contracts of the source (default ${CONTRACTS})
  --parties N    local parties of the source, besides a few of other classes
  --route NAME   new-synchronizer (default), or live: on the same synchronizer, while clients go on using it
  --canton 2.10  simulate participants of Canton 2.10, which has no route live (default 3)
  --keep         leave Temporal, the worker and the participants running, to explore them
  --by-hand      start them and migrate nothing: for the tour of the README`;

/** Returns what the command line asks for, or undefined if it asks for help. Fails with the option at fault. */
export function parseOptions(args: string[]): DemoOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      contracts: { type: 'string' },
      parties: { type: 'string' },
      route: { type: 'string', default: 'new-synchronizer' },
      canton: { type: 'string', default: '3' },
      keep: { type: 'boolean' },
      'by-hand': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  const canton = oneOf('--canton', GENERATIONS, values.canton);
  const route = oneOf('--route', canton === '3' ? ROUTES : ROUTES.slice(0, 1), values.route);
  return {
    isKept: values.keep ?? false,
    isByHand: values['by-hand'] ?? false,
    contractCount: values.contracts === undefined ? CONTRACTS : whole('--contracts', values.contracts),
    route,
    canton,
    ...(values.parties !== undefined && { partyCount: whole('--parties', values.parties) }),
  };
}

function oneOf<T extends string>(option: string, known: readonly T[], text: string): T {
  const found = known.find((name) => name === text);
  if (found) return found;
  throw new Error(`${option}: found ${text}, expected ${known.join(' or ')}`);
}

function whole(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`${option}: found ${text}, expected a whole number`);
}
