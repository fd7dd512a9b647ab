import type { ExtendedJSONSchema, FromSchema } from 'json-schema-to-ts';

import { CLIENT_AUTH } from '../canton/oauth.js';
import { GATES, type Gate } from '../model/phase.js';

/** `dependentRequired` is a keyword of the draft that we validate by, and not of the one that types derive from. */
type Schema = ExtendedJSONSchema<{ dependentRequired: Record<string, readonly string[]> }>;

const GATE_NAMES = Object.keys(GATES) as Gate[];

/** Temporal takes neither `.` nor `:`; the operator types both in a shell. */
const DEPLOYMENT_NAME = '^[A-Za-z0-9_-]{1,100}$';
const BUILD_ID = '^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}$';

const CHANNEL = {
  type: 'object',
  additionalProperties: false,
  required: ['address'],
  properties: {
    address: {
      type: 'string',
      pattern: '^(\\[[0-9A-Fa-f:.]+\\]|[^\\s/:\\[\\]]+):[0-9]{1,5}$',
      description: 'host:port',
    },
    tls: {
      type: 'object',
      additionalProperties: false,
      dependentRequired: { cert: ['key'], key: ['cert'] },
      properties: {
        ca: { type: 'string', minLength: 1, description: 'PEM file of the certificate authority' },
        cert: { type: 'string', minLength: 1, description: 'PEM file of the client certificate' },
        key: { type: 'string', minLength: 1, description: 'PEM file of the client key' },
        serverName: { type: 'string', minLength: 1, description: 'name in the server certificate' },
      },
    },
    token: { type: 'string', minLength: 1, description: 'bearer token, best as ${VARIABLE}' },
    tokenFile: { type: 'string', minLength: 1, description: 'file that holds the bearer token' },
    oauth: {
      type: 'object',
      additionalProperties: false,
      required: ['tokenUrl', 'clientId'],
      properties: {
        tokenUrl: { type: 'string', minLength: 1, description: 'URL that tokens are asked for at' },
        clientId: { type: 'string', minLength: 1, description: 'id of the OAuth client' },
        clientAuth: {
          enum: CLIENT_AUTH,
          description: 'how the client proves who it is; basic if left out',
        },
        clientSecret: { type: 'string', minLength: 1, description: 'secret, best as ${VARIABLE}' },
        clientSecretFile: { type: 'string', minLength: 1, description: 'file that holds the secret' },
        clientKeyFile: {
          type: 'string',
          minLength: 1,
          description: 'PEM file of the private key of private_key_jwt',
        },
        clientKeyId: {
          type: 'string',
          minLength: 1,
          description: 'name of that key at the token server, if it wants one (kid)',
        },
        scope: { type: 'string', minLength: 1, description: 'scopes to ask for' },
        audience: { type: 'string', minLength: 1, description: 'audience to ask for' },
        ca: { type: 'string', minLength: 1, description: 'PEM file of the authority of the URL' },
      },
    },
    insecure: {
      type: 'boolean',
      description:
        'true: plain text to a node that is not on this machine, which anybody on the network path can read and change',
    },
    sendLimitBytes: {
      type: 'integer',
      minimum: 65_536,
      description: 'largest request; the max-inbound-message-size of the node',
    },
  },
} as const satisfies Schema;

/** What the worker's configuration file holds, after substitution from the environment. */
export const CONFIGURATION_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['participants'],
  properties: {
    participants: {
      type: 'object',
      minProperties: 1,
      description: 'one entry per participant: its name, and how to reach it',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['admin', 'ledger'],
        properties: {
          admin: { ...CHANNEL, description: 'how to reach the admin API' },
          ledger: { ...CHANNEL, description: 'how to reach the ledger API' },
        },
      },
    },
    spool: { type: 'string', minLength: 1, description: 'folder for exported contracts' },
    spoolKey: {
      type: 'string',
      minLength: 1,
      description: 'key that seals exported contracts, 64 hexadecimal characters, best as ${VARIABLE}',
    },
    spoolKeyFile: { type: 'string', minLength: 1, description: 'file that holds such a key' },
    lists: {
      type: 'string',
      minLength: 1,
      description:
        'where long lists are kept: a folder, or s3://<bucket>/<prefix>?region=<region>&endpoint=<url>&pathStyle=true; by default canton-migrate/lists in the state folder of this machine',
    },
    payloads: {
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      description: 'what becomes of payloads on their way to Temporal',
      properties: {
        keyFile: {
          type: 'string',
          minLength: 1,
          description:
            'file of keys that encrypt payloads, a line each: <id> <64 hexadecimal characters>',
        },
        compress: { type: 'boolean', description: 'whether large payloads are compressed' },
      },
    },
    approval: {
      type: 'object',
      additionalProperties: false,
      properties: {
        rootKeyProof: { enum: ['optional', 'required'] },
        approvers: {
          type: 'array',
          minItems: 1,
          maxItems: 50,
          description: 'who may approve, each with a signature',
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['name'],
            properties: {
              // One line in a terminal and in what is signed.
              name: { type: 'string', pattern: '^[^\\p{C}\\s]([^\\p{C}]{0,98}[^\\p{C}\\s])?$' },
              key: { type: 'string', minLength: 1, description: 'public key, PEM or of OpenSSH' },
              keyFile: { type: 'string', minLength: 1, description: 'file with the public key' },
            },
          },
        },
        twoPersons: {
          type: 'array',
          uniqueItems: true,
          description: 'gates that two different people have to approve',
          items: { enum: GATE_NAMES },
        },
      },
    },
    migrations: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      description: 'the only migrations that this worker makes, each in its direction',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['source', 'target'],
        properties: { source: { type: 'string' }, target: { type: 'string' } },
      },
    },
    switchHook: {
      type: 'object',
      additionalProperties: false,
      required: ['url'],
      properties: {
        url: {
          type: 'string',
          pattern: '^https?://[^\\s]+$',
          description: 'https URL that moves the clients; http only to a loopback address',
        },
        token: { type: 'string', minLength: 1, description: 'bearer token, best as ${VARIABLE}' },
        tokenFile: { type: 'string', minLength: 1, description: 'file that holds the bearer token' },
        tls: {
          type: 'object',
          additionalProperties: false,
          dependentRequired: { cert: ['key'], key: ['cert'] },
          properties: {
            ca: { type: 'string', minLength: 1, description: 'PEM file of the authority of the URL' },
            cert: { type: 'string', minLength: 1, description: 'PEM file of the client certificate' },
            key: { type: 'string', minLength: 1, description: 'PEM file of the client key' },
          },
        },
      },
    },
    report: {
      type: 'object',
      additionalProperties: false,
      required: ['signingKey'],
      description: 'how reports are signed',
      properties: {
        signingKey: {
          type: 'string',
          minLength: 1,
          description: 'PEM file of the Ed25519 private key that signs reports',
        },
      },
    },
    taskQueue: { type: 'string', minLength: 1, maxLength: 200, description: 'task queue of Temporal' },
    maxConcurrentActivities: { type: 'integer', minimum: 1, maximum: 100 },
    maxCachedWorkflows: { type: 'integer', minimum: 1, maximum: 10_000 },
    metrics: {
      type: 'object',
      additionalProperties: false,
      required: ['address'],
      properties: {
        address: {
          ...CHANNEL.properties.address,
          description: 'host:port to serve Prometheus metrics at',
        },
      },
    },
    health: {
      type: 'object',
      additionalProperties: false,
      required: ['address'],
      properties: {
        address: {
          ...CHANNEL.properties.address,
          description: 'host:port to serve /livez and /readyz at',
        },
      },
    },
    deployment: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'buildId'],
      description: "this build, for Temporal's worker versioning",
      properties: {
        name: {
          type: 'string',
          pattern: DEPLOYMENT_NAME,
          description: 'worker deployment: letters, digits, _ and -',
        },
        buildId: {
          type: 'string',
          pattern: BUILD_ID,
          description: 'what tells this build from others: letters, digits, _, . and -',
        },
      },
    },
    logLevel: { enum: ['trace', 'debug', 'info', 'warn', 'error'] },
  },
} as const satisfies Schema;

/** A configuration file that fits {@link CONFIGURATION_SCHEMA}, where its fields are described. */
export type ConfigurationFile = FromSchema<typeof CONFIGURATION_SCHEMA>;
export type ChannelEntry = FromSchema<typeof CHANNEL>;
export type SwitchHookEntry = NonNullable<ConfigurationFile['switchHook']>;
export type ApproverEntry = NonNullable<NonNullable<ConfigurationFile['approval']>['approvers']>[number];
export type LogLevel = NonNullable<ConfigurationFile['logLevel']>;
