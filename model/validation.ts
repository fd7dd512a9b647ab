import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';

import { counted } from './count.js';
import { MIGRATION_REQUEST_SCHEMA, NOT_ON_LIVE, type MigrationRequest } from './request.js';

/**
 * Returns a function that lists what is wrong with a value: one line per field, each with the field, the value
 * found and the expectation. An empty list means that the value fits the schema.
 *
 * Never loaded by workflow code: the validator would cost every cached workflow its memory.
 */
export function validator(schema: object): (value: unknown) => string[] {
  const validate: ValidateFunction = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
  }).compile(schema);
  return (value) => {
    if (validate(value)) return [];
    const lines = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map(explain);
    return [...new Set(lines)];
  };
}

const PARTY_ITEM = MIGRATION_REQUEST_SCHEMA.properties.parties.items;
const IS_PARTY_ITEM = new RegExp(PARTY_ITEM.pattern, 'u');

/** Why a text is no item of `parties`, which may be very many; nothing if it is one. */
export function partyItemProblem(text: string): string | undefined {
  return IS_PARTY_ITEM.test(text) ? undefined : `found ${shown(text)}, expected ${PARTY_ITEM.title}`;
}

const requestSchemaProblems = validator(MIGRATION_REQUEST_SCHEMA);

/** Lists what is wrong with a migration request; empty if it is one. */
export function requestProblems(value: unknown): string[] {
  const problems = requestSchemaProblems(value);
  if (problems.length > 0) return problems;
  const { source, target, options } = value as MigrationRequest;
  const isWithoutEffect = options?.catchUps !== undefined && (options.copy ?? 'cold') === 'cold';
  return [
    ...(source === target
      ? [`target: found ${target}, expected another participant than the source`]
      : []),
    ...(isWithoutEffect
      ? [
          `options.catchUps: found ${options.catchUps}, expected options.copy to be warm or changes with it`,
        ]
      : []),
    ...routeProblems(value as MigrationRequest),
  ];
}

/** Options that mean something on the other route only. */
function routeProblems({ route, options = {} }: MigrationRequest): string[] {
  if (route === 'live') {
    return NOT_ON_LIVE.filter((name) => options[name] !== undefined).map(
      (name) => `options.${name}: found ${options[name]}, expected nothing on the route live`,
    );
  }
  if (route === undefined) return [];
  const { delegation, exceptCounterParticipants: excepted } = options;
  return [
    ...(delegation === 'none'
      ? ['options.delegation: found none, expected create on the route new-synchronizer']
      : []),
    ...(excepted
      ? [
          `options.exceptCounterParticipants: found ${excepted.length} uids, expected nothing on the route new-synchronizer, which waits for no commitments`,
        ]
      : []),
  ];
}

/** Whether `value` is a migration request; use {@link requestProblems} to say why not. */
export function isMigrationRequest(value: unknown): value is MigrationRequest {
  return requestProblems(value).length === 0;
}

function explain(error: ErrorObject): string {
  const field = error.instancePath.slice(1).replaceAll('/', '.') || 'the value';
  const within = (name: string) => (error.instancePath ? `${field}.${name}` : name);
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const known = Object.keys((error.parentSchema?.['properties'] as object | undefined) ?? {});
      return `${within(String(params['additionalProperty']))}: unknown field, expected one of ${known.join(', ')}`;
    }
    case 'required':
      return `${within(String(params['missingProperty']))}: missing, expected ${describe(error, String(params['missingProperty']))}`;
    case 'enum':
      return `${field}: found ${shown(error.data)}, expected one of ${(params['allowedValues'] as unknown[]).join(', ')}`;
    default:
      return `${field}: found ${shown(error.data)}, expected ${expectation(error)}`;
  }
}

function describe(error: ErrorObject, name: string): string {
  const properties = error.parentSchema?.['properties'] as
    Record<string, { description?: string }> | undefined;
  return properties?.[name]?.description ?? 'a value';
}

function expectation({ keyword, message, params, parentSchema }: ErrorObject): string {
  const words = (message ?? 'something else').replace(/^must (be |have |NOT have )?/, '');
  if (keyword === 'pattern') {
    const title: unknown = parentSchema?.['title'];
    return typeof title === 'string'
      ? title
      : `text that matches ${String((params as { pattern: string }).pattern)}`;
  }
  if (keyword === 'uniqueItems') return 'no repeated item';
  const range = RANGES[keyword];
  return range ? range((params as { limit: number }).limit) : words;
}

/** Ajv says what a value must not have: `fewer than 1 characters`. */
const RANGES: Readonly<Record<string, (limit: number) => string>> = {
  minimum: (limit) => `at least ${limit}`,
  maximum: (limit) => `at most ${limit}`,
  exclusiveMinimum: (limit) => `more than ${limit}`,
  exclusiveMaximum: (limit) => `less than ${limit}`,
  minLength: (limit) => `at least ${counted(limit, 'character')}`,
  maxLength: (limit) => `at most ${counted(limit, 'character')}`,
  minItems: (limit) => `at least ${counted(limit, 'item')}`,
  maxItems: (limit) => `at most ${counted(limit, 'item')}`,
  minProperties: (limit) => `at least ${counted(limit, 'field')}`,
  maxProperties: (limit) => `at most ${counted(limit, 'field')}`,
};

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
