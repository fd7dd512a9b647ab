import type { FromSchema, JSONSchema } from 'json-schema-to-ts';

import type { Listed } from './listed.js';

/** Options of how contracts are copied from a source that is out of service, and what to do with shared ones. */
export const NOT_ON_LIVE = ['copy', 'catchUps', 'sharedContracts'] as const;

const KIND_OR_THING =
  '^((users|identityProviders|partyAnnotations)(/[^\\p{Cc}\\p{Cf}]{1,255})?|resourceLimits|pruningSchedule|packages/[0-9a-f]{64})$';

export const DEFAULT_CATCH_UPS = 5;
/** Default confirmation response timeout plus mediator reaction timeout. Source: admin-api 5.7. */
export const DEFAULT_QUIET_SECONDS = 60;

/** Often enough to notice a source that is connected again before much happens on it. */
export const DEFAULT_WATCH_SECONDS = 60;

/** Classes of parties that a request may name. The admin party of a participant never moves. */
export const PARTY_CLASSES = [
  'local',
  'external',
  'multi-hosted',
  'decentralized',
  'foreign-namespace',
] as const;

const ID = '[A-Za-z0-9:_ -]{1,185}::1220[0-9a-f]{64}';
const UID = `^${ID}$`;
/** With at least one `*`. */
const PARTY_PATTERN = '(?=[^*]*\\*)[A-Za-z0-9:_ *-]{1,255}';
/** Without control characters and marks of direction. */
const VISIBLE = '^[^\\p{Cc}\\p{Cf}]*$';
const NAME = '^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$';

/** What {@link MigrationRequest} is: the type derives from it, the validator runs it, and it is published as JSON. */
export const MIGRATION_REQUEST_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'migration-request.schema.json',
  title: 'Migration request',
  type: 'object',
  additionalProperties: false,
  required: ['source', 'target', 'sourceSynchronizer', 'targetSynchronizer'],
  properties: {
    source: {
      type: 'string',
      pattern: NAME,
      description: "name of the source participant in the worker's configuration",
    },
    target: {
      type: 'string',
      pattern: NAME,
      description: "name of the target participant in the worker's configuration",
    },
    sourceSynchronizer: {
      type: 'string',
      pattern: VISIBLE,
      minLength: 1,
      maxLength: 255,
      description: 'logical id, or alias on the source',
    },
    targetSynchronizer: {
      type: 'string',
      pattern: VISIBLE,
      minLength: 1,
      maxLength: 255,
      description:
        "logical id, or alias on the target; of the source's synchronizer also its alias on the source",
    },
    route: {
      enum: ['new-synchronizer', 'live'],
      description:
        'new-synchronizer: the target takes over on another synchronizer, and the source is out of service meanwhile; live: both are on one synchronizer, and the source serves until the target does; chosen by the plan if left out',
    },
    parties: {
      type: ['array', 'object'],
      minItems: 1,
      uniqueItems: true,
      items: {
        title: `a party id, a class (${PARTY_CLASSES.join(', ')}), or a pattern with *`,
        type: 'string',
        pattern: `^(${ID}|${PARTY_CLASSES.join('|')}|${PARTY_PATTERN})$`,
      },
      additionalProperties: false,
      required: ['storedList', 'count'],
      properties: {
        storedList: {
          type: 'string',
          pattern: '^[0-9a-f]{64}$',
          description: 'SHA-256 of a list of these in the list store',
        },
        count: { type: 'integer', minimum: 1, description: 'how many it has' },
      },
      description:
        'the parties that move, by id, by class (local, external, multi-hosted, decentralized, foreign-namespace) or by pattern, in which * stands for any text (*::<namespace>, name*); a long list is a reference to the list store, which client and CLI make; every party of the source that can move if left out',
    },
    rootKeyHolder: {
      type: 'string',
      pattern: NAME,
      description: "name of the participant that holds the parties' root key, if not the source",
    },
    options: {
      type: 'object',
      additionalProperties: false,
      properties: {
        sharedContracts: {
          enum: ['include', 'exclude'],
          description:
            'what happens to contracts with a stakeholder that does not move; a plan with such contracts is refused without it',
        },
        copy: {
          enum: ['cold', 'warm', 'changes'],
          description:
            'cold: contracts are copied while the source is out of service; warm: while it serves, and then only what changed since; changes: the target served these parties before, and only what changed since is copied, as with a warm copy',
        },
        importMode: {
          enum: ['accept', 'validation'],
          description:
            'how the target imports contracts: validation checks each against its id and package; accept takes it as it is, and the comparison alone proves it; accept where everything else is proven, otherwise validation, if left out; a plan that cannot prove it is refused with accept',
        },
        catchUps: {
          type: 'integer',
          minimum: 1,
          maximum: 20,
          description: 'how many times a warm copy catches up at most before the source is frozen',
        },
        quietSeconds: {
          type: 'integer',
          minimum: 1,
          maximum: 600,
          description:
            'seconds with nothing in flight and an unchanged ledger end before the source is disconnected',
        },
        leaveBehind: {
          type: 'array',
          minItems: 1,
          maxItems: 1_000,
          uniqueItems: true,
          items: { type: 'string', pattern: KIND_OR_THING },
          description:
            'what is not copied: users, identityProviders, partyAnnotations (or <kind>/<id>), resourceLimits, pruningSchedule; the cure where the target has something else of the same name; packages/<package id>: a package that is neither uploaded nor vetted',
        },
        watchSeconds: {
          type: 'integer',
          minimum: 5,
          maximum: 3600,
          description: 'seconds between two checks of the parked source after the cut-over',
        },
        exceptCounterParticipants: {
          type: 'array',
          minItems: 1,
          maxItems: 1_000,
          uniqueItems: true,
          items: { type: 'string', pattern: UID },
          description:
            'uids of participants with shared contracts whose ACS commitments are neither waited for nor an alarm, because they are silent or disagree from before; only on the route live',
        },
        delegation: {
          enum: ['create', 'none'],
          description:
            'none: nothing is delegated to the target, which then cannot sign for the parties; only on the route live, where the source removes itself as host instead',
        },
      },
    },
  },
} as const satisfies JSONSchema;

/**
 * What starts a migration: the one JSON object of the UI's start form, the CLI, the client and a schedule. The
 * descriptions of its fields are in the schema.
 *
 * It names things of the worker's configuration and of Canton; it never holds an address, a credential, a key
 * or a path.
 */
export type MigrationRequest = Omit<FromSchema<typeof MIGRATION_REQUEST_SCHEMA>, 'parties'> & {
  parties?: Listed<string>;
};

export type RouteName = NonNullable<MigrationRequest['route']>;

export type MigrationOptions = NonNullable<MigrationRequest['options']>;
