import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** Leave everything running at the end, until Ctrl-C. */
  isKept: boolean;
  /** Start what a migration needs, and leave the migrating to whoever reads. */
  isByHand: boolean;
  contractCount: number;
  /** Local ones; the sandbox's own number if left out. */
  partyCount?: number;
}

const CONTRACTS = 20_000;

export const USAGE = `Usage: npm run demo -- [--contracts N] [--parties N] [--keep | --by-hand]

Migrates a simulated participant to a KMS-backed one and shows every step.

  --contracts N  active contracts of the source (default ${CONTRACTS})
  --parties N    local parties of the source, besides one of every other class
  --keep         leave Temporal, the worker and the participants running, to explore them
  --by-hand      start them and migrate nothing: for the tour of the README`;

/** Returns what the command line asks for, or undefined if it asks for help. Fails with the option at fault. */
export function parseOptions(args: string[]): DemoOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      contracts: { type: 'string' },
      parties: { type: 'string' },
      keep: { type: 'boolean' },
      'by-hand': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  return {
    isKept: values.keep ?? false,
    isByHand: values['by-hand'] ?? false,
    contractCount: values.contracts === undefined ? CONTRACTS : whole('--contracts', values.contracts),
    ...(values.parties !== undefined && { partyCount: whole('--parties', values.parties) }),
  };
}

function whole(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`${option}: found ${text}, expected a whole number`);
}
