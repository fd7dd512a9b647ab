import { CantonRefusal } from '../errors.js';
import { unary, type Service } from '../grpc.js';
import type { Journal } from '../node.js';
import type { Decoded } from '../wire.js';

type Admin = 'com.daml.ledger.api.v2.admin';
import { invalidArgument, missingField } from './refusals.js';

/** One configuration, as on the wire; absent fields are empty. */
export interface IdentityProvider {
  readonly identity_provider_id: string;
  readonly is_deactivated: boolean;
  readonly issuer: string;
  readonly jwks_url: string;
  readonly audience: string;
}

const KIND = 'identity-provider';
/** Not configurable. */
const MAX_CONFIGS = 16;

/** The identity provider configurations of one participant. Source: admin-api 1.15. */
export class IdentityProviders {
  private readonly byId = new Map<string, IdentityProvider>();

  constructor(private readonly journal: Journal) {
    for (const record of journal.replay(KIND)) this.apply(record);
  }

  /** Refuses an id that is neither empty (the default one) nor configured. */
  check(id: string): void {
    if (id === '' || this.byId.has(id)) return;
    throw invalidArgument(`Provided identity_provider_id ${id} has not been found.`);
  }

  /** Every configuration, by id. */
  list(): IdentityProvider[] {
    return [...this.byId.values()].sort((a, b) =>
      a.identity_provider_id < b.identity_provider_id ? -1 : 1,
    );
  }

  create(config: IdentityProvider): void {
    const { identity_provider_id: id, issuer } = config;
    const operation = 'creating identity provider config';
    if (this.byId.has(id)) throw exists('IDP_CONFIG_ALREADY_EXISTS', id, `identity provider "${id}"`);
    if (this.list().some((one) => one.issuer === issuer)) {
      const what = `identity provider with issuer "${issuer}"`;
      throw exists('IDP_CONFIG_ISSUER_ALREADY_EXISTS', issuer, what);
    }
    if (this.byId.size >= MAX_CONFIGS) {
      throw new CantonRefusal({
        id: 'TOO_MANY_IDENTITY_PROVIDER_CONFIGS',
        category: 9,
        cause: `${operation} failed.`,
        definiteAnswer: false,
      });
    }
    this.write(id, config);
  }

  /** `isUsed`: whether a user belongs to it, which the database does not allow. */
  delete(id: string, isUsed: boolean): void {
    if (!this.byId.has(id)) {
      throw new CantonRefusal({
        id: 'IDP_CONFIG_NOT_FOUND',
        category: 11,
        cause: `deleting identity provider config failed for unknown identity provider id="${id}"`,
        resources: [{ type: 'IDENTITY_PROVIDER_CONFIG', name: id }],
        definiteAnswer: false,
      });
    }
    if (isUsed) throw new CantonRefusal({ id: 'INDEX_DB_ERROR', category: 4, cause: 'still in use' });
    this.write(id);
  }

  private write(id: string, config?: IdentityProvider): void {
    const record: [string, IdentityProvider?] = config ? [id, config] : [id];
    this.journal.append(KIND, record);
    this.apply(record);
  }

  private apply([id, config]: readonly [string, IdentityProvider?]): void {
    if (config) this.byId.set(id, config);
    else this.byId.delete(id);
  }
}

/** Returns the handlers of IdentityProviderConfigService. */
export function identityProviderService(
  providers: IdentityProviders,
  isUsed: (id: string) => boolean,
): Service<`${Admin}.IdentityProviderConfigService`> {
  return {
    CreateIdentityProviderConfig: unary((request) => {
      const config = read(request.identity_provider_config);
      providers.create(config);
      return { identity_provider_config: config };
    }),
    ListIdentityProviderConfigs: unary(() => {
      const all = providers.list();
      return all.length > 0 ? { identity_provider_configs: all } : {};
    }),
    DeleteIdentityProviderConfig: unary((request) => {
      const id = request.identity_provider_id ?? '';
      if (id === '') throw missingField('identity_provider_id');
      providers.delete(id, isUsed(id));
      return {};
    }),
  };
}

function read(config: Decoded<`${Admin}.IdentityProviderConfig`> | undefined): IdentityProvider {
  if (!config) throw missingField('identity_provider_config');
  const { identity_provider_id = '', issuer = '', jwks_url = '', audience = '' } = config;
  for (const [field, value] of Object.entries({ identity_provider_id, issuer, jwks_url })) {
    if (value === '') throw missingField(field);
  }
  const is_deactivated = config.is_deactivated === true;
  return { identity_provider_id, is_deactivated, issuer, jwks_url, audience };
}

function exists(id: string, name: string, what: string): CantonRefusal {
  return new CantonRefusal({
    id,
    category: 10,
    cause: `creating identity provider config failed, as ${what} already exists`,
    resources: [{ type: 'IDENTITY_PROVIDER_CONFIG', name }],
    definiteAnswer: false,
  });
}
