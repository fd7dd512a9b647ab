import { parseArgs } from 'node:util';

/** What the command line of a load test asks for. */
export interface LoadTestOptions {
  /** The worker's configuration. */
  config: string;
  /** Names of participants in it. */
  source: string;
  target?: string;
  /** Party ids, or how many of the first that would move. */
  parties: string[] | number;
  clients: number;
  /** Commands per second, of all clients together. */
  rate: number;
  seed: number;
  /** Until it is interrupted if left out. */
  seconds?: number;
  hookPort?: number;
  isJson: boolean;
}

/** An option that cannot be used. */
export class UsageError extends Error {}

const DEFAULT = { parties: 3, clients: 3, rate: 8 };
const SEEDS = 2 ** 31;

/** Reads the command line. Fails with a {@link UsageError} that names the option. */
export function parseOptions(args: string[]): LoadTestOptions {
  const { values } = parseArgs({
    args,
    options: {
      config: { type: 'string' },
      source: { type: 'string' },
      target: { type: 'string' },
      parties: { type: 'string' },
      party: { type: 'string', multiple: true },
      clients: { type: 'string' },
      rate: { type: 'string' },
      seed: { type: 'string' },
      seconds: { type: 'string' },
      'hook-port': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const { config, source, target, party, parties, seconds, 'hook-port': hookPort } = values;
  if (config === undefined) throw new UsageError("--config: missing, expected the worker's file");
  if (source === undefined) throw new UsageError('--source: missing, expected a name of the file');
  if (party && parties !== undefined) {
    throw new UsageError('--parties: found beside --party, expected one of them');
  }
  const whole = (name: string, text: string | undefined, instead: number, range: [number, number]) =>
    text === undefined ? instead : number(name, text, range, true);
  return {
    config,
    source,
    ...(target !== undefined && { target }),
    parties: party ?? whole('parties', parties, DEFAULT.parties, [1, 100]),
    clients: whole('clients', values.clients, DEFAULT.clients, [1, 1_000]),
    rate: values.rate === undefined ? DEFAULT.rate : number('rate', values.rate, [0.01, 10_000], false),
    seed: whole('seed', values.seed, Math.floor(Math.random() * SEEDS), [0, SEEDS]),
    ...(seconds !== undefined && { seconds: number('seconds', seconds, [1, 10_000_000], false) }),
    ...(hookPort !== undefined && { hookPort: number('hook-port', hookPort, [0, 65_535], true) }),
    isJson: values.json,
  };
}

function number(name: string, text: string, [least, most]: [number, number], isWhole: boolean): number {
  const value = Number(text);
  const isNumber = text.trim() !== '' && (isWhole ? Number.isInteger(value) : Number.isFinite(value));
  if (isNumber && value >= least && value <= most) return value;
  const kind = isWhole ? 'a whole number' : 'a number';
  throw new UsageError(`--${name}: found ${text}, expected ${kind} from ${least} to ${most}`);
}
