const COUNT = { type: 'integer', minimum: 0, maximum: 10_000_000 };
const NAME = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,100}$' };
const FLAG = { type: 'boolean' };

function object(properties: Record<string, unknown>, required: readonly string[] = []) {
  return { type: 'object', properties, required, additionalProperties: false };
}

function counts(...names: string[]) {
  return object(Object.fromEntries(names.map((name) => [name, COUNT])));
}

const DAR = object(
  {
    name: NAME,
    version: { type: 'string', pattern: '^\\d+(\\.\\d+)*$' },
    isVetted: { enum: [true, false, 'dependencies'] },
  },
  ['name', 'version', 'isVetted'],
);
const TEXT = { type: 'string', minLength: 1 };
const TLS = object(
  {
    certChainFile: TEXT,
    privateKeyFile: TEXT,
    clientAuth: { enum: ['none', 'require'] },
    trustCollectionFile: TEXT,
  },
  ['certChainFile', 'privateKeyFile'],
);
const COMMON_AUTH = {
  targetAudience: TEXT,
  targetScope: TEXT,
  maxTokenLifetimeSeconds: { type: 'integer', minimum: 1 },
  users: { type: 'object', additionalProperties: { type: 'array', items: TEXT } },
};
const AUTH = {
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: [
    object({ type: { const: 'jwt-rs-256-crt' }, certificateFile: TEXT, ...COMMON_AUTH }, [
      'certificateFile',
      'users',
    ]),
    object({ type: { const: 'unsafe-jwt-hmac-256' }, secret: TEXT, ...COMMON_AUTH }, [
      'secret',
      'users',
    ]),
  ],
};
const API = object({ tls: TLS, auth: AUTH });
const ROLES = { type: 'array', items: { enum: ['source', 'target'] }, uniqueItems: true };
const NODE_FIELDS = {
  name: NAME,
  synchronizers: ROLES,
  version: { type: 'string', pattern: '^3\\.[45]\\.' },
  isKmsBacked: FLAG,
  rootKeySpec: { enum: ['EC_CURVE25519', 'EC_P256', 'EC_P384'] },
  dars: { type: 'array', items: DAR },
  admin: API,
  ledger: API,
};
const NODE = object(NODE_FIELDS);
/** The contracts of the source are on its synchronizer. */
const SOURCE = object({ ...NODE_FIELDS, synchronizers: { ...ROLES, contains: { const: 'source' } } });
const SPECS = (...specs: string[]) => ({ type: 'array', items: { enum: specs } });
const SYNCHRONIZER = object({
  alias: NAME,
  name: NAME,
  url: { type: 'string', pattern: '^https?://' },
  protocolVersion: { enum: [34, 35] },
  allowedKeys: object({
    signing: SPECS('EC_CURVE25519', 'EC_P256', 'EC_P384', 'EC_SECP256K1'),
    encryption: SPECS('EC_P256', 'RSA_2048'),
  }),
});

/** The JSON schema of a scenario file; every part may be left out. */
export const SCENARIO_SCHEMA = object({
  seed: { type: 'string', minLength: 1 },
  source: SOURCE,
  target: NODE,
  fresh: NODE,
  synchronizers: object({ source: SYNCHRONIZER, target: SYNCHRONIZER }),
  targetMembers: { type: 'array', items: NAME },
  isUpgradeAnnounced: FLAG,
  allowsReassigned: FLAG,
  maxUnsent: { type: 'integer', minimum: 1 },
  parties: object({
    ...counts('local', 'multiHosted', 'external', 'decentralized', 'foreign').properties,
    names: { type: 'array', items: NAME },
  }),
  contracts: counts(
    'count',
    'partiesPerContract',
    'paddingBytes',
    'sharedWithForeign',
    'ofMultiHosted',
    'ofExternal',
    'ofDecentralized',
  ),
  localState: object({
    ...counts('users', 'rightsPerUser', 'identityProviders', 'annotatedParties').properties,
    pruningCron: { type: 'string', pattern: '^(\\S+( \\S+){5,6})?$' },
  }),
  timing: counts(
    'outboxMs',
    'sequencingMs',
    'topologyChangeMs',
    'lateServicesMs',
    'storesMs',
    'pingMs',
    'importCallMs',
    'importMicrosPerContract',
    'exportMicrosPerContract',
    'cancelledRepairMs',
    'submissionMs',
    'indexingMs',
    'onboardingMs',
    'reconciliationMs',
  ),
});
