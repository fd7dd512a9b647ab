import { createHash } from 'node:crypto';

import { rightText } from '../../model/local-state.js';
import type { IdentityProvider, User, UserRight } from '../../model/participant.js';

/** 16 hex characters: enough to see a change, and nothing can be read from it. */
function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

export function digestOfUser(user: User, rights: UserRight[]): string {
  const { id, identityProvider, primaryParty, isDeactivated, authenticatesPrimaryParty } = user;
  return digestOf([
    [id, identityProvider, primaryParty, isDeactivated, authenticatesPrimaryParty],
    Object.entries(user.annotations).sort(([a], [b]) => (a < b ? -1 : 1)),
    rights.map((right) => rightText(right, '')).sort(),
  ]);
}

export function digestOfProvider({ id, ...its }: IdentityProvider): string {
  return digestOf([id, its.isDeactivated, its.issuer, its.jwksUrl, its.audience]);
}

/** Of annotations by key; `of` names what they belong to, so that equal values do not look alike. */
export function digestsOf(of: string, annotations: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [key, digestOf([of, key, value])]),
  );
}

/** Of all annotations of one party. */
export function digestOfAnnotations(party: string, annotations: Record<string, string>): string {
  return digestOf([party, Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
