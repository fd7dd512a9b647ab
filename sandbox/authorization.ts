import { createSecretKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Metadata } from '@grpc/grpc-js';
import { jwtVerify, type JWTPayload } from 'jose';
import type { Api } from './calls.js';
import { CantonRefusal } from './errors.js';
import type { AuthScenario } from './scenario.js';
import { isMessage, type Message } from './wire.js';

/** Scope of a token where neither audience nor scope are configured. */
const DEFAULT_SCOPE = 'daml_ledger_api';
/** Of a token of the Ledger API, seconds. Source: networks J, item 11. */
const DEFAULT_MAX_LIFETIME = 300;
const MANAGEMENT = /\.(PartyManagementService|UserManagementService|IdentityProviderConfigService)$/;
/** Answered on the Ledger API whoever asks. */
const OPEN = /\.(VersionService|ApiInfoService)$/;

/** A call as far as it depends on who makes it. */
export interface AuthorizedCall {
  /** Full service name. */
  readonly service: string;
  readonly metadata: Metadata;
  /** Absent where the client streams: only the Admin API has such methods, and looks at no request. */
  readonly request: Message | undefined;
}

/** A call that may begin. */
export interface Access {
  /** When its token expires, UTC milliseconds. */
  readonly until: number | undefined;
}

/** Decides by the token of a call whether it may begin. Source: admin-api 4.1 and 4.2. */
export class Authorization {
  private readonly key: KeyObject;

  constructor(
    private readonly api: Api,
    private readonly scenario: AuthScenario,
  ) {
    this.key =
      scenario.type === 'jwt-rs-256-crt'
        ? new X509Certificate(readFileSync(scenario.certificateFile)).publicKey
        : createSecretKey(Buffer.from(scenario.secret));
  }

  /** Throws the refusal if the token is missing or wrong, or its user lacks a right. */
  async admit(call: AuthorizedCall): Promise<Access> {
    if (this.api === 'ledger' && OPEN.test(call.service)) return { until: undefined };
    const { sub = '', exp } = await this.verified(call.metadata);
    const rights = this.scenario.users[sub];
    // Only the Ledger API knows users beside those of the configuration; here it knows none.
    if (!rights) throw this.api === 'admin' ? unauthenticated(NO_USERS) : denied(`no user ${sub}`);
    const missing = this.needed(call).find((right) => !grants(rights, right));
    if (missing !== undefined) throw denied(`user ${sub} lacks ${missing}`);
    return { until: exp === undefined ? undefined : exp * 1000 };
  }

  private async verified(metadata: Metadata): Promise<JWTPayload> {
    const header = String(metadata.get('authorization')[0] ?? '');
    const token = /^Bearer (\S+)$/.exec(header)?.[1];
    if (token === undefined) throw unauthenticated(NO_TOKEN);
    const { type, targetAudience, targetScope = DEFAULT_SCOPE } = this.scenario;
    const algorithms = [type === 'jwt-rs-256-crt' ? 'RS256' : 'HS256'];
    const audience = targetAudience === undefined ? {} : { audience: targetAudience };
    try {
      const { payload } = await jwtVerify(token, this.key, { algorithms, ...audience });
      const { scope } = payload;
      const scopes = typeof scope === 'string' ? scope.split(' ') : [];
      if (targetAudience === undefined && !scopes.includes(targetScope)) throw unauthenticated(NO_TOKEN);
      if (this.livesTooLong(payload)) throw unauthenticated(NO_TOKEN);
      return payload;
    } catch {
      throw unauthenticated(NO_TOKEN);
    }
  }

  private livesTooLong({ exp, iat = Date.now() / 1000 }: JWTPayload): boolean {
    const standard = this.api === 'ledger' ? DEFAULT_MAX_LIFETIME : Infinity;
    const { maxTokenLifetimeSeconds = standard } = this.scenario;
    return exp !== undefined && exp - iat > maxTokenLifetimeSeconds;
  }

  private needed({ service, request }: AuthorizedCall): string[] {
    if (this.api === 'admin' || MANAGEMENT.test(service)) return ['ParticipantAdmin'];
    const formats = eventFormats(request ?? {});
    return [
      ...formats
        .flatMap((format) => Object.keys(messageAt(format, 'filters_by_party') ?? {}))
        .map(readAs),
      ...formats.flatMap((format) =>
        messageAt(format, 'filters_for_any_party') ? ['CanReadAsAnyParty'] : [],
      ),
      ...actAs(request ?? {}).map((party) => `CanActAs:${party}`),
      // Whoever prepares a transaction only reads. Source: proto PrepareSubmission.
      ...partiesAt(request ?? {}).map(readAs),
    ];
  }
}

const NO_TOKEN = 'The command is missing a (valid) JWT token';
const NO_USERS = 'User based authentication is disabled.';

const readAs = (party: string) => `CanReadAs:${party}`;

/** Whoever may act as a party may read as it. */
function grants(rights: readonly string[], needed: string): boolean {
  if (rights.includes(needed)) return true;
  if (/^Can(ActAs|ReadAs):/.test(needed) && rights.includes('CanActAsAnyParty')) return true;
  const party = /^CanReadAs:(.*)$/.exec(needed)?.[1];
  if (party === undefined) return false;
  return rights.includes('CanReadAsAnyParty') || rights.includes(`CanActAs:${party}`);
}

function eventFormats(request: Message): Message[] {
  const updates = messageAt(request, 'update_format');
  const transactions = updates && messageAt(updates, 'include_transactions');
  return [
    messageAt(request, 'event_format'),
    transactions && messageAt(transactions, 'event_format'),
    updates && messageAt(updates, 'include_reassignments'),
  ].filter((format) => format !== undefined);
}

function actAs(request: Message): string[] {
  const prepared = messageAt(request, 'prepared_transaction');
  const metadata = prepared && messageAt(prepared, 'metadata');
  const submitter = metadata && messageAt(metadata, 'submitter_info');
  return [messageAt(request, 'commands'), submitter].flatMap((one) => partiesAt(one ?? {}));
}

function partiesAt({ act_as: named }: Message): string[] {
  return Array.isArray(named) ? named.map(String) : [];
}

function messageAt(message: Message, field: string): Message | undefined {
  const value = message[field];
  return isMessage(value) ? value : undefined;
}

/** Returns how a stream of the Ledger API ends when its token expires. Source: admin-api 4.2. */
export function accessTokenExpired(until: number): CantonRefusal {
  const [then, now] = [until, Date.now()].map((time) => new Date(time).toISOString());
  return new CantonRefusal({
    id: 'ACCESS_TOKEN_EXPIRED',
    category: 2,
    cause: `Claims were valid until ${then}, current time is ${now}`,
    definiteAnswer: false,
  });
}

function unauthenticated(cause: string): CantonRefusal {
  return new CantonRefusal({ id: 'UNAUTHENTICATED', category: 6, cause, definiteAnswer: false });
}

function denied(cause: string): CantonRefusal {
  return new CantonRefusal({ id: 'PERMISSION_DENIED', category: 7, cause, definiteAnswer: false });
}
