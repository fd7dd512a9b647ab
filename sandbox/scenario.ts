import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import { parse } from 'yaml';
import { SCENARIO_SCHEMA } from './scenario-schema.js';
import { DEFAULT_TIMING, type TimingScenario } from './timing.js';

/** How an API encrypts. Paths are absolute, or start where the sandbox was started. */
export interface TlsScenario {
  /** PEM. */
  readonly certChainFile: string;
  /** PEM. */
  readonly privateKeyFile: string;
  /** `none` if absent. */
  readonly clientAuth?: 'none' | 'require';
  /** PEM: the authorities of client certificates. */
  readonly trustCollectionFile?: string;
}

/** Whose tokens an API accepts; type and claims as in Canton's `auth-services`. */
export type AuthScenario = {
  /** A token has to name it; `targetScope` is ignored then. */
  readonly targetAudience?: string;
  /** A token has to name it; `daml_ledger_api` if absent. */
  readonly targetScope?: string;
  /** The longest life of a token, seconds; if absent 300 on the Ledger API, and no limit on the Admin API. */
  readonly maxTokenLifetimeSeconds?: number;
  /** Rights by user, the subject of a token: `ParticipantAdmin`, `CanReadAsAnyParty`, `CanActAs:<party>`, ... */
  readonly users: Readonly<Record<string, readonly string[]>>;
} & (
  | { readonly type: 'jwt-rs-256-crt'; readonly certificateFile: string }
  | { readonly type: 'unsafe-jwt-hmac-256'; readonly secret: string }
);

/** How an API is protected; not at all if both are absent. */
export interface ApiScenario {
  readonly tls?: TlsScenario;
  readonly auth?: AuthScenario;
}

/** A synchronizer of a scenario: the one the source starts on, or the other one. */
type SynchronizerRole = 'source' | 'target';

/** How a participant of a scenario looks. */
export interface NodeScenario {
  readonly name: string;
  /** Those it is a member of and connected to, in this order; none for a participant that knows no synchronizer. */
  readonly synchronizers: readonly SynchronizerRole[];
  /** Reported version; `3.4…` also takes `ListAllV2` away. */
  readonly version: string;
  readonly isKmsBacked: boolean;
  /** Spec of the root namespace key; what such a node uses by itself if left out. */
  readonly rootKeySpec?: 'EC_CURVE25519' | 'EC_P256' | 'EC_P384';
  readonly dars: readonly DarScenario[];
  readonly admin?: ApiScenario;
  readonly ledger?: ApiScenario;
}

/** A DAR that lies on a participant from the start. */
export interface DarScenario {
  /** Package name: `lab-iou` and `lab-other` are real samples, any other is built, with one dependency. */
  readonly name: string;
  readonly version: string;
  /** `dependencies`: all packages of the DAR but its main one. */
  readonly isVetted: boolean | 'dependencies';
}

/** How many parties of each class there are. Source: facts 5.4. */
export interface PartyScenario {
  /** Hosted by the source alone, in its namespace. */
  readonly local: number;
  /** In the source's namespace, hosted by `other` too. */
  readonly multiHosted: number;
  /** With a namespace and signing keys of their own, hosted by the source for confirmation. */
  readonly external: number;
  /** In a decentralised namespace of the source, `other` and a third owner. */
  readonly decentralized: number;
  /** Of `other` alone. */
  readonly foreign: number;
  /** Names of the first local parties, in place of the built-in ones. */
  readonly names?: readonly string[];
}

/** The contracts on the source. */
interface ContractScenario {
  /** Among local parties. */
  readonly count: number;
  readonly partiesPerContract: number;
  readonly paddingBytes: number;
  /** Further contracts of one local party and one of `other`. */
  readonly sharedWithForeign: number;
  /** Further contracts of one local and one multi-hosted, external or decentralised party each. */
  readonly ofMultiHosted: number;
  readonly ofExternal: number;
  readonly ofDecentralized: number;
}

/** What only the source knows beside its ledger. */
export interface LocalStateScenario {
  /** Beside `participant_admin`; the last of several belongs to the first identity provider, if there is one. */
  readonly users: number;
  /** On local parties. */
  readonly rightsPerUser: number;
  readonly identityProviders: number;
  /** Local parties with annotations. */
  readonly annotatedParties: number;
  /** The source prunes by this schedule; empty for none. */
  readonly pruningCron: string;
}

/** What the static parameters of a synchronizer allow of keys: specs, for example `EC_P256`. */
export interface AllowedKeysScenario {
  readonly signing: readonly ('EC_CURVE25519' | 'EC_P256' | 'EC_P384' | 'EC_SECP256K1')[];
  readonly encryption: readonly ('EC_P256' | 'RSA_2048')[];
}

/** A synchronizer of a scenario. */
interface SynchronizerScenario {
  readonly alias: string;
  readonly name: string;
  /** Address of its sequencer, at which nothing answers; absent: one of its own, at which it does. */
  readonly url?: string;
  /** Part of its physical id; the offline route is the same on both. Source: networks A1 and A3. */
  readonly protocolVersion: 34 | 35;
  readonly allowedKeys: AllowedKeysScenario;
}

/** Everything a sandbox starts from. */
export interface Scenario {
  /** Keys follow from it: the same seed gives the same ids. */
  readonly seed: string;
  readonly source: NodeScenario;
  readonly target: NodeScenario;
  /** A further participant without parties; absent unless a scenario names one. */
  readonly fresh?: NodeScenario;
  readonly synchronizers: {
    readonly source: SynchronizerScenario;
    readonly target: SynchronizerScenario;
  };
  /** Names of virtual participants that are members of the target's synchronizer from before. */
  readonly targetMembers: readonly string[];
  /** Whether the target's synchronizer has announced an upgrade. */
  readonly isUpgradeAnnounced: boolean;
  readonly allowsReassigned: boolean;
  readonly maxUnsent: number;
  readonly parties: PartyScenario;
  readonly contracts: ContractScenario;
  readonly localState: LocalStateScenario;
  readonly timing: TimingScenario;
}

/** A scenario with parts left out, as files and tests write it. */
export type ScenarioChange = { readonly [K in keyof Scenario]?: Change<NonNullable<Scenario[K]>> };
type Change<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: Change<T[K]> }
    : T;

const VERSION = '3.5.10-SNAPSHOT';
const ALLOWED_KEYS: AllowedKeysScenario = {
  signing: ['EC_CURVE25519', 'EC_P256', 'EC_P384'],
  encryption: ['EC_P256', 'RSA_2048'],
};

/** The built-in scenario. */
const DEFAULT_SCENARIO: Scenario = {
  seed: 'canton-migrate',
  source: {
    name: 'source',
    synchronizers: ['source'],
    version: VERSION,
    isKmsBacked: false,
    dars: [
      { name: 'lab-iou', version: '1.0.0', isVetted: true },
      { name: 'lab-other', version: '1.0.0', isVetted: true },
      { name: 'lab-extra', version: '1.0.0', isVetted: 'dependencies' },
    ],
  },
  target: {
    name: 'target',
    synchronizers: ['target'],
    version: VERSION,
    isKmsBacked: true,
    dars: [{ name: 'lab-iou', version: '1.0.0', isVetted: true }],
  },
  synchronizers: {
    source: { alias: 'acme', name: 'acme', protocolVersion: 34, allowedKeys: ALLOWED_KEYS },
    target: { alias: 'da', name: 'da', protocolVersion: 34, allowedKeys: ALLOWED_KEYS },
  },
  targetMembers: [],
  isUpgradeAnnounced: false,
  allowsReassigned: false,
  maxUnsent: 100,
  parties: { local: 8, multiHosted: 1, external: 1, decentralized: 1, foreign: 1 },
  contracts: {
    count: 20_000,
    partiesPerContract: 2,
    paddingBytes: 0,
    sharedWithForeign: 0,
    ofMultiHosted: 0,
    ofExternal: 0,
    ofDecentralized: 0,
  },
  localState: {
    users: 3,
    rightsPerUser: 2,
    identityProviders: 1,
    annotatedParties: 2,
    pruningCron: '',
  },
  timing: DEFAULT_TIMING,
};

/** What a further participant is where the scenario does not say. */
const FRESH_NODE: NodeScenario = {
  name: 'fresh',
  synchronizers: ['source'],
  version: VERSION,
  isKmsBacked: false,
  dars: [],
};

/** Names what is wrong with a scenario, one line per fault. */
export class InvalidScenario extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`invalid scenario: ${faults.join('; ')}`);
  }
}

/** Reads a scenario file, JSON or YAML. */
export function readScenario(path: string): ScenarioChange {
  const content: unknown = parse(readFileSync(path, 'utf8'));
  return checkScenario(content ?? {});
}

/** Checks parsed scenario content; throws `InvalidScenario`. */
export function checkScenario(content: unknown): ScenarioChange {
  const validate = new Ajv({ allErrors: true, discriminator: true }).compile<ScenarioChange>(
    SCENARIO_SCHEMA,
  );
  if (validate(content)) return content;
  throw new InvalidScenario((validate.errors ?? []).map(fault));
}

function fault({ instancePath, message, params }: ErrorObject): string {
  const place = instancePath === '' ? 'scenario' : instancePath.slice(1).replaceAll('/', '.');
  const extra = 'additionalProperty' in params ? ` '${String(params['additionalProperty'])}'` : '';
  return `${place} ${message ?? 'is wrong'}${extra}`;
}

/** Completes a scenario from the built-in one. Lists replace, objects merge. */
export function completeScenario(
  change: ScenarioChange = {},
  base: Scenario = DEFAULT_SCENARIO,
): Scenario {
  const complete = completed(base, change);
  if (!change.fresh) return complete;
  return { ...complete, fresh: completed(FRESH_NODE, change.fresh) };
}

/** A change has no other fields than what it changes, and each is of the same kind: the schema has seen to that. */
function completed<T>(base: T, change: object): T {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  return merged(base, change) as T;
}

function merged(base: unknown, change: unknown): unknown {
  if (change === undefined) return base;
  if (!isPlain(base) || !isPlain(change)) return change;
  const keys = new Set([...Object.keys(base), ...Object.keys(change)]);
  return Object.fromEntries([...keys].map((key) => [key, merged(base[key], change[key])]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
