import { CantonRefusal, type Category } from '../errors.js';
import type { Journal } from '../node.js';
import { mergeAnnotations, type Annotations } from './annotations.js';

/** A user and its rights, as this participant keeps them. */
export interface UserRecord {
  readonly id: string;
  readonly primaryParty: string;
  readonly isDeactivated: boolean;
  readonly identityProvider: string;
  readonly authenticatesPrimaryParty: boolean;
  readonly annotations: Annotations;
  /** Each `kind` or `kind party`, sorted. */
  readonly rights: readonly string[];
  readonly version: number;
}

const KIND = 'user';
const MAX_RIGHTS = 1000;
const ADMIN: UserRecord = {
  id: 'participant_admin',
  primaryParty: '',
  isDeactivated: false,
  identityProvider: '',
  authenticatesPrimaryParty: false,
  annotations: {},
  rights: ['participant_admin'],
  version: 0,
};

/** The users of one participant. Every node begins with `participant_admin`. Source: admin-api 1.15. */
export class Users {
  private readonly byId = new Map<string, UserRecord>([[ADMIN.id, ADMIN]]);

  constructor(private readonly journal: Journal) {
    for (const record of journal.replay(KIND)) this.apply(record);
  }

  /** Those of one identity provider, by id. */
  list(identityProvider: string): UserRecord[] {
    return this.all().filter((user) => user.identityProvider === identityProvider);
  }

  /** Every user, by id. */
  all(): UserRecord[] {
    return [...this.byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Refuses a user that is unknown, or of another identity provider. */
  read(id: string, identityProvider: string, operation: string): UserRecord {
    const found = this.byId.get(id);
    if (found?.identityProvider === identityProvider) return found;
    throw refusal('USER_NOT_FOUND', 11, id, `${operation} failed for unknown user "${id}"`);
  }

  create(user: UserRecord): UserRecord {
    if (this.byId.has(user.id)) {
      const cause = `creating user failed, as user "${user.id}" already exists`;
      throw refusal('USER_ALREADY_EXISTS', 10, user.id, cause);
    }
    const annotations = mergeAnnotations({}, user.annotations, { kind: 'user', name: user.id });
    return this.write({ ...user, annotations, rights: unique(user.rights) }, 'creating user');
  }

  change(
    user: UserRecord,
    change: Partial<Omit<UserRecord, 'id' | 'version'>>,
    operation: string,
  ): UserRecord {
    const annotations = mergeAnnotations(user.annotations, change.annotations ?? {}, {
      kind: 'user',
      name: user.id,
    });
    const rights = unique(change.rights ?? user.rights);
    return this.write({ ...user, ...change, annotations, rights, version: user.version + 1 }, operation);
  }

  delete({ id }: UserRecord): void {
    this.journal.append(KIND, [id]);
    this.byId.delete(id);
  }

  private write(user: UserRecord, operation: string): UserRecord {
    if (user.rights.length > MAX_RIGHTS) {
      const cause = `${operation} failed, as user "${user.id}" would have too many rights.`;
      throw refusal('TOO_MANY_USER_RIGHTS', 9, user.id, cause);
    }
    this.journal.append(KIND, [user.id, user]);
    this.byId.set(user.id, user);
    return user;
  }

  private apply([id, user]: readonly [string, UserRecord?]): void {
    if (user) this.byId.set(id, user);
    else this.byId.delete(id);
  }
}

function unique(rights: readonly string[]): string[] {
  return [...new Set(rights)].sort();
}

function refusal(id: string, category: Category, user: string, cause: string): CantonRefusal {
  const resources = [{ type: 'USER', name: user }];
  return new CantonRefusal({ id, category, cause, resources, definiteAnswer: false });
}
