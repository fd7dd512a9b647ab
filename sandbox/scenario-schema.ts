import type { ExtendedJSONSchema } from 'json-schema-to-ts';

/** `discriminator` is the validator's own: it chooses a `oneOf` by a field, so that its faults are those of one. */
type Schema = ExtendedJSONSchema<{ discriminator: { propertyName: string } }>;

/** An object of these fields and no others, each of them required unless it is one of `optional`. */
function object<
  const Fields extends Record<string, Schema>,
  const Optional extends keyof Fields & string = never,
>(properties: Fields, optional: readonly Optional[] = []) {
  const isRequired = (name: string): name is Exclude<keyof Fields & string, Optional> =>
    !optional.some((other) => other === name);
  const required = Object.keys(properties).filter(isRequired);
  return { type: 'object', properties, required, additionalProperties: false } as const;
}

function count(description = 'how many') {
  return { type: 'integer', minimum: 0, maximum: 10_000_000, description } as const;
}
const ms = (description: string) => count(`milliseconds: ${description}`);

const NAME = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,100}$' } as const;
const NAMES = { type: 'array', items: NAME } as const;
const FLAG = { type: 'boolean' } as const;
const TEXT = { type: 'string', minLength: 1 } as const;
/** Absolute, or from where the sandbox was started. */
const PEM = { ...TEXT, description: 'path of a PEM file' } as const;

const DAR = object(
  {
    name: {
      ...NAME,
      description:
        'package name: lab-iou and lab-other are real samples, any other is built, with one dependency',
    },
    version: { type: 'string', pattern: '^\\d+(\\.\\d+)*$' },
    isVetted: {
      enum: [true, false, 'dependencies'],
      description: 'dependencies: all packages of the DAR but its main one',
    },
    moduleName: {
      ...NAME,
      description:
        'of a DAR that is built, its module, which it is named for if left out: with another one than an earlier version it is no upgrade of it',
    },
  },
  ['moduleName'],
);
const TLS = object(
  {
    certChainFile: PEM,
    privateKeyFile: PEM,
    clientAuth: { enum: ['none', 'require'], description: 'none if absent' },
    trustCollectionFile: { ...PEM, description: 'PEM: the authorities of client certificates' },
  },
  ['clientAuth', 'trustCollectionFile'],
);
const CLAIMS = {
  targetAudience: {
    ...TEXT,
    description: 'what a token has to name as its audience; targetScope is ignored then',
  },
  targetScope: {
    ...TEXT,
    description: 'what a token has to name as its scope; daml_ledger_api if absent',
  },
  maxTokenLifetimeSeconds: {
    type: 'integer',
    minimum: 1,
    description: 'longest life of a token; if absent 300 on the Ledger API, no limit on the Admin API',
  },
} as const;
const USERS = {
  type: 'object',
  additionalProperties: { type: 'array', items: TEXT },
  description:
    'rights by user, the subject of a token: ParticipantAdmin, CanReadAsAnyParty, CanActAsAnyParty, CanActAs:<party>, ...',
} as const;
const CLAIM_NAMES = ['targetAudience', 'targetScope', 'maxTokenLifetimeSeconds'] as const;
/** Type and claims as in Canton's `auth-services`. */
const AUTH = {
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: [
    object(
      { type: { const: 'jwt-rs-256-crt' }, certificateFile: TEXT, ...CLAIMS, users: USERS },
      CLAIM_NAMES,
    ),
    object(
      { type: { const: 'unsafe-jwt-hmac-256' }, secret: TEXT, ...CLAIMS, users: USERS },
      CLAIM_NAMES,
    ),
  ],
  description: 'whose tokens the API accepts',
} as const satisfies Schema;
/** Not protected if both are absent. */
const API = object({ tls: TLS, auth: AUTH }, ['tls', 'auth']);
const ROLES = {
  type: 'array',
  items: { enum: ['source', 'target'] },
  uniqueItems: true,
  description:
    'those it is a member of and connected to, in this order; none for a participant that knows no synchronizer',
} as const;
const NODE_FIELDS = {
  name: NAME,
  synchronizers: ROLES,
  version: {
    type: 'string',
    pattern: '^[23]\\.\\d+\\.\\d+',
    description: 'reported version, with a suffix or without; 3.4 also takes ListAllV2 away',
  },
  isKmsBacked: FLAG,
  rootKeySpec: {
    enum: ['EC_CURVE25519', 'EC_P256', 'EC_P384'],
    description: 'spec of the root namespace key; what such a node uses by itself if left out',
  },
  identity: {
    enum: ['offline-root', 'manual'],
    description:
      'offline-root: the root namespace key was never on the node, an intermediate key signs; manual: no identity before InitId; if left out the node makes its root key by itself',
  },
  dars: { type: 'array', items: DAR, description: 'what lies on the participant from the start' },
  admin: API,
  ledger: API,
} as const;
const NODE_OPTIONAL = ['rootKeySpec', 'identity', 'admin', 'ledger'] as const;
const NODE = object(NODE_FIELDS, NODE_OPTIONAL);
const FRESH = {
  ...object(
    {
      ...NODE_FIELDS,
      isOther: {
        ...FLAG,
        description:
          'the participant called `other` among the parties; nothing listens for that one if absent',
      },
    },
    [...NODE_OPTIONAL, 'isOther'],
  ),
  description: 'a further participant, without parties of its own',
} as const;
/** The contracts of the source are on its synchronizer. */
const SOURCE = object(
  { ...NODE_FIELDS, synchronizers: { ...ROLES, contains: { const: 'source' } } },
  NODE_OPTIONAL,
);
/** Source: networks F. */
const TRAFFIC_CONTROL = {
  ...object({
    maxBaseAmount: count('bytes that the base rate fills up to'),
    accumulationMs: { ...ms('how long that takes'), minimum: 1 },
    readVsWrite: count('what a recipient costs, in ten-thousandths'),
    baseEventCost: count('bytes that every event costs'),
  }),
  description: 'as in the dynamic parameters; traffic is not controlled if absent',
} as const;
const SYNCHRONIZER = object(
  {
    alias: NAME,
    name: NAME,
    url: {
      type: 'string',
      pattern: '^https?://',
      description:
        'address of its sequencer, at which nothing answers; if absent one of its own, at which it does',
    },
    // Source: networks A.
    protocolVersion: {
      enum: [34, 35],
      description: 'part of its physical id; on the live route the hosting events differ',
    },
    serial: count('of its physical id: how many upgrades it has had; none if absent'),
    allowedKeys: object({
      signing: {
        type: 'array',
        items: { enum: ['EC_CURVE25519', 'EC_P256', 'EC_P384', 'EC_SECP256K1'] },
      },
      encryption: { type: 'array', items: { enum: ['EC_P256', 'RSA_2048'] } },
    }),
    trafficControl: TRAFFIC_CONTROL,
  },
  ['url', 'serial', 'trafficControl'],
);

/** Source: admin-api 5.4. */
const PARTIES = object(
  {
    local: count('hosted by the source alone, in its namespace'),
    multiHosted: count("in the source's namespace, hosted by `other` too"),
    external: count('with a namespace and signing keys of their own, which the source confirms for'),
    decentralized: count('in a decentralised namespace of the source, `other` and a third owner'),
    foreign: count('of `other` alone'),
    externalKeys: {
      ...count('how many different keys the external parties share; if absent each has its own'),
      minimum: 1,
    },
    externalWithDelegation: count('further external parties, with a root certificate of their key'),
    jointlyConfirmed: count(
      "in the source's namespace, the source and `other` confirm for it: both of them have to",
    ),
    decentralizedShared: count(
      'in a decentralised namespace of the source and `other`, each confirms for it: one of them has to',
    ),
    inOthersNamespace: count(
      'in the namespace of `other`, which hosts it, and the source confirms for it',
    ),
    names: { ...NAMES, description: 'names of the first local parties, in place of the built-in ones' },
  },
  ['externalKeys', 'externalWithDelegation', 'names'],
);
const CONTRACTS = object({
  count: count('among local parties'),
  partiesPerContract: count(),
  paddingBytes: count(),
  sharedWithForeign: count('further contracts of one local party and one of `other`'),
  ofMultiHosted: count('further contracts of one local and one multi-hosted party'),
  ofExternal: count('further contracts of one local and one external party'),
  ofDecentralized: count('further contracts of one local and one decentralised party'),
  ofJointlyConfirmed: count('further contracts of one local and one such party'),
  ofDecentralizedShared: count('further contracts of one local and one such party'),
  ofInOthersNamespace: count('further contracts of one local and one such party'),
});
/** What only the source knows beside its ledger. */
const LOCAL_STATE = object({
  users: count(
    'beside participant_admin; the last of several belongs to the first identity provider, if there is one',
  ),
  rightsPerUser: count('on local parties'),
  identityProviders: count(),
  annotatedParties: count('local parties with annotations'),
  pruningCron: {
    type: 'string',
    pattern: '^(\\S+( \\S+){5,6})?$',
    description: 'the source prunes by this schedule; empty for none',
  },
});
const TIMING = object({
  outboxMs: ms('before a topology transaction leaves a participant'),
  sequencingMs: ms('until a message is ordered'),
  topologyChangeMs: ms('until a topology transaction takes effect'),
  lateServicesMs: ms('until the last services of a participant that starts answer'),
  storesMs: ms(
    'how long a restarted participant finds no synchronizer after its Admin API opened; 10 to 24 s on a real one',
  ),
  pingMs: ms('a ping'),
  failedPingMs: ms('a ping that nobody answers, at most: on a real node its whole timeout'),
  importCallMs: ms('a call that imports contracts'),
  importMicrosPerContract: count('microseconds per contract of an import in mode VALIDATION'),
  acceptMicrosPerContract: count('microseconds per contract of an import in mode ACCEPT'),
  exportMicrosPerContract: count('microseconds per contract of an export'),
  exportMicrosPerParty: count('microseconds per party that an export asks for'),
  listMicrosPerParty: count('microseconds per party of the synchronizer of a ListParties'),
  signMicrosPerTransaction: count(
    'microseconds per transaction of a SignTransactions, and more the more there are: twice that with 1,400 of them',
  ),
  addMicrosPerTransaction: count('microseconds per transaction of an AddTransactions'),
  authorizeMicrosPerTransaction: count(
    'microseconds per Authorize or cleared flag, one after the other on a participant',
  ),
  orderMicrosPerTransaction: count(
    'microseconds per topology transaction of a participant that is ordered, one after the other',
  ),
  cancelledRepairMs: ms('how long a repair goes on after its call was cancelled'),
  submissionMs: ms('how long a submission is in flight before it is ordered; 0: at once'),
  indexingMs: ms(
    'how long a node that interprets a command takes a contract for active that has ended; 0: not at all',
  ),
  onboardingMs: ms('how long after its activation the flag of an onboarding party stays at least'),
  reconciliationMs: ms('the interval of ACS commitments'),
  unreachableMs: ms('until a node gives up that reaches no sequencer'),
  switchMs: ms('from the upgrade of a synchronizer until a connected node uses the successor'),
  lockedOutMs: ms('from the moment a member may not use its synchronizer to the end of its process'),
  adminStreamMs: ms(
    'how long a streaming call of an Admin API may last; 0: without an end; 2 h from Canton 3.6 on',
  ),
});

/**
 * What a sandbox starts from, in full. Of what the built-in scenario has, a file leaves out what it does not
 * change.
 */
export const SCENARIO_SCHEMA = object(
  {
    seed: { ...TEXT, description: 'keys follow from it: the same seed gives the same ids' },
    source: SOURCE,
    target: NODE,
    fresh: FRESH,
    synchronizers: object({ source: SYNCHRONIZER, target: SYNCHRONIZER }),
    targetMembers: {
      ...NAMES,
      description: "virtual participants that are members of the target's synchronizer from before",
    },
    allowsReassigned: FLAG,
    maxUnsent: { type: 'integer', minimum: 1 },
    parties: PARTIES,
    contracts: CONTRACTS,
    localState: LOCAL_STATE,
    timing: TIMING,
  },
  ['fresh'],
);
