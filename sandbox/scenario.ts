import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import type { FromSchema } from 'json-schema-to-ts';
import { parse } from 'yaml';
import { SCENARIO_SCHEMA } from './scenario-schema.js';
import { DEFAULT_TIMING } from './timing.js';

/** Everything a sandbox starts from; the schema describes its fields. */
export type Scenario = FromSchema<typeof SCENARIO_SCHEMA>;
export type NodeScenario = Scenario['target'];
export type FreshScenario = NonNullable<Scenario['fresh']>;
export type DarScenario = NodeScenario['dars'][number];
export type ApiScenario = NonNullable<NodeScenario['admin']>;
export type TlsScenario = NonNullable<ApiScenario['tls']>;
export type AuthScenario = NonNullable<ApiScenario['auth']>;
export type AllowedKeysScenario = Scenario['synchronizers']['source']['allowedKeys'];
export type PartyScenario = Scenario['parties'];
export type LocalStateScenario = Scenario['localState'];

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
    source: { alias: 'acme', name: 'acme', protocolVersion: 35, allowedKeys: ALLOWED_KEYS },
    target: { alias: 'da', name: 'da', protocolVersion: 35, allowedKeys: ALLOWED_KEYS },
  },
  targetMembers: [],
  allowsReassigned: false,
  maxUnsent: 100,
  parties: {
    local: 8,
    multiHosted: 1,
    external: 0,
    decentralized: 0,
    foreign: 1,
    jointlyConfirmed: 0,
    decentralizedShared: 0,
    inOthersNamespace: 0,
  },
  contracts: {
    count: 20_000,
    partiesPerContract: 2,
    paddingBytes: 0,
    sharedWithForeign: 0,
    ofMultiHosted: 0,
    ofExternal: 0,
    ofDecentralized: 0,
    ofJointlyConfirmed: 0,
    ofDecentralizedShared: 0,
    ofInOthersNamespace: 0,
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
const FRESH_NODE: FreshScenario = {
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
  const schema = withPartsLeftOut(SCENARIO_SCHEMA, { ...DEFAULT_SCENARIO, fresh: FRESH_NODE });
  const validate = new Ajv({ allErrors: true, discriminator: true }).compile<ScenarioChange>(schema);
  if (validate(content)) return content;
  throw new InvalidScenario((validate.errors ?? []).map(fault));
}

/** The schema of what is laid over `base`: nothing that `base` has is required. */
function withPartsLeftOut(schema: Record<string, unknown>, base: unknown): Record<string, unknown> {
  const { properties, required } = schema;
  if (!isPlain(base) || !isPlain(properties) || !Array.isArray(required)) return schema;
  const parts = Object.entries(properties).map(([name, part]) => [
    name,
    isPlain(part) ? withPartsLeftOut(part, base[name]) : part,
  ]);
  return {
    ...schema,
    properties: Object.fromEntries(parts),
    required: required.filter((name: string) => !(name in base)),
  };
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
