/**
 * What starts a migration: the one JSON object of the UI's start form, the CLI, the client and a schedule.
 * It names things of the worker's configuration and of Canton; it never holds an address, a credential, a key
 * or a path.
 */
export interface MigrationRequest {
  /** Name of the source participant in the worker's configuration. */
  source: string;
  /** Name of the target participant in the worker's configuration. */
  target: string;
  /** Logical id, or alias on the source participant. */
  sourceSynchronizer: string;
  /** Logical id, or alias on the target participant; of the source's synchronizer also its alias on the source. */
  targetSynchronizer: string;
  /** Which way the contracts go; left out, the plan chooses by what it reads. */
  route?: RouteName;
  /** Party ids to move; every local party of the source if left out. */
  parties?: string[];
  /** Name of the participant that holds the root key of the parties' namespace, if that is not the source. */
  rootKeyHolder?: string;
  options?: MigrationOptions;
}

/**
 * `new-synchronizer`: the target takes over on another synchronizer, as Canton's manual has it, and the source is out
 * of service meanwhile. `live`: both nodes are on one synchronizer, and the source serves until the target does.
 */
export type RouteName = 'new-synchronizer' | 'live';

export interface MigrationOptions {
  /** What happens to contracts with a stakeholder that does not move. A plan with such contracts is refused without it. */
  sharedContracts?: 'include' | 'exclude';
  /**
   * `cold`: contracts are copied while the source is out of service. `warm`: they are copied while it serves, and
   * only what changed since is copied while it does not. `changes`: the target is the parked node that served these
   * parties before, and only what changed since travels, as with a warm copy.
   */
  copy?: 'cold' | 'warm' | 'changes';
  /** How often a warm copy catches up with the source at most, before the source is frozen. */
  catchUps?: number;
  /** How long the source must be quiet (nothing in flight, ledger end unchanged) before it is disconnected. */
  quietSeconds?: number;
  /**
   * What is not copied of users, identity providers, annotations, limits and schedule: a kind (`users`) or one
   * thing of it (`users/alice`). The cure where the target has something else of the same name.
   */
  leaveBehind?: string[];
  /** How often the parked source is checked after the cut-over. */
  watchSeconds?: number;
  /**
   * `none`: nothing is delegated to the target, which then cannot sign for the parties. Only on the route `live`,
   * where the source removes itself as host instead.
   */
  delegation?: 'create' | 'none';
}

/** Options of how contracts are copied from a source that is out of service, and what to do with shared ones. */
export const NOT_ON_LIVE = ['copy', 'catchUps', 'sharedContracts'] as const;

const KIND_OR_THING =
  '^((users|identityProviders|partyAnnotations)(/[^\\p{Cc}\\p{Cf}]{1,255})?|resourceLimits|pruningSchedule)$';

export const DEFAULT_CATCH_UPS = 5;
/** Default confirmation response timeout plus mediator reaction timeout. Source: admin-api 5.7. */
export const DEFAULT_QUIET_SECONDS = 60;

/** Often enough to notice a source that is connected again before much happens on it. */
export const DEFAULT_WATCH_SECONDS = 60;

/** More than this in one migration makes plans and results larger than Temporal payloads may be. */
export const PARTIES_LIMIT = 5_000;

const UID = '^[A-Za-z0-9:_ -]{1,185}::1220[0-9a-f]{64}$';
/** Without control characters and marks of direction. */
const VISIBLE = '^[^\\p{Cc}\\p{Cf}]*$';
const NAME = '^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$';

/** The one definition of {@link MigrationRequest}: published as JSON Schema, and what the validator runs. */
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
        'whether the target takes over on another synchronizer, or on the same one while the source serves; proposed by the plan if left out',
    },
    parties: {
      type: 'array',
      minItems: 1,
      maxItems: PARTIES_LIMIT,
      uniqueItems: true,
      items: { type: 'string', pattern: UID },
      description: 'party ids to move; every local party of the source if left out',
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
          description: 'what happens to contracts with a stakeholder that does not move',
        },
        copy: {
          enum: ['cold', 'warm', 'changes'],
          description:
            'whether contracts are copied while the source is out of service, or before, or only what changed since the target had them',
        },
        catchUps: {
          type: 'integer',
          minimum: 1,
          maximum: 20,
          description: 'how often a warm copy catches up at most before the source is frozen',
        },
        quietSeconds: {
          type: 'integer',
          minimum: 1,
          maximum: 600,
          description: 'seconds without anything in flight before the source is disconnected',
        },
        leaveBehind: {
          type: 'array',
          minItems: 1,
          maxItems: 1_000,
          uniqueItems: true,
          items: { type: 'string', pattern: KIND_OR_THING },
          description:
            'users, identityProviders, partyAnnotations (or <kind>/<id>), resourceLimits, pruningSchedule: not copied',
        },
        watchSeconds: {
          type: 'integer',
          minimum: 5,
          maximum: 3600,
          description: 'seconds between two looks at the parked source after the cut-over',
        },
        delegation: {
          enum: ['create', 'none'],
          description:
            'whether the namespace of the parties is delegated to the target; none only with route live',
        },
      },
    },
  },
} as const;
