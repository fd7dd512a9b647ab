/** A user of a participant, with its rights as the wire has them. */
export interface UserRecord {
  id: string;
  primary_party: string;
  is_deactivated: boolean;
  identity_provider_id: string;
  annotations: Record<string, string>;
  rights: Record<string, unknown>[];
}

export interface ProviderRecord {
  identity_provider_id: string;
  is_deactivated: boolean;
  issuer: string;
  jwks_url: string;
  audience: string;
}

/** What a participant keeps beside its ledger. */
export interface LocalState {
  readonly users: Map<string, UserRecord>;
  readonly providers: Map<string, ProviderRecord>;
  readonly annotations: Map<string, Record<string, string>>;
  schedule: Record<string, unknown> | undefined;
}

/** Every participant has one administrator. */
export function newLocalState(): LocalState {
  const admin: UserRecord = {
    id: 'participant_admin',
    primary_party: '',
    is_deactivated: false,
    identity_provider_id: '',
    annotations: {},
    rights: [{ participant_admin: {} }],
  };
  return {
    users: new Map([[admin.id, admin]]),
    providers: new Map(),
    annotations: new Map(),
    schedule: undefined,
  };
}
