import { createPrivateKey } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { SignJWT, type JWTPayload } from 'jose';
import { generate } from 'selfsigned';

import type { ApiScenario, ScenarioChange } from '../../sandbox/scenario.js';
import { makeAuthority, type Authority, type Identity } from './certificates.js';

/** Of the Admin APIs; tokens for the Ledger APIs have a scope. */
const ADMIN_AUDIENCE = 'the-admin-apis';
const LEDGER_SECRET = 'the secret that ledger tokens are signed with';
/** Of the Ledger APIs, for tests that take longer than Canton's five minutes; seconds. */
export const MAX_TOKEN_LIFETIME = 3600;
const USERS = {
  migration: ['ParticipantAdmin', 'CanReadAsAnyParty'],
  reader: ['CanReadAsAnyParty'],
  manager: ['ParticipantAdmin'],
};

export type Api = 'admin' | 'ledger';

/** What is special about a token; a good one has none of it. */
export interface TokenFlaw {
  user?: keyof typeof USERS | 'nobody';
  audience?: string;
  scope?: string;
  isSignedByOther?: boolean;
  /** Default four minutes: a node takes no longer ones unless it is told to. */
  secondsToLive?: number;
}

/** Two participants behind mutual TLS that take only certain tokens, and how to get through to them. */
export interface Protection {
  scenario: ScenarioChange;
  authority: Authority;
  /** For both APIs of both participants. */
  tls: { ca: Buffer; cert: Buffer; key: Buffer };
  token: (api: Api, flaw?: TokenFlaw) => Promise<string>;
}

/** Makes the certificates in `folder` and the keys of tokens; Admin APIs use RS256 and Ledger APIs HS256. */
export async function makeProtection(folder: string): Promise<Protection> {
  mkdirSync(folder, { recursive: true });
  const authority = await makeAuthority('the CA of the participants');
  const server = await authority.issue(['127.0.0.1', 'localhost', 'participant.test']);
  const worker = await authority.issue(['worker']);
  const [signer, other] = await Promise.all([makeSigner('signer'), makeSigner('other signer')]);
  const files = {
    certChainFile: write(folder, 'server.crt', server.cert),
    privateKeyFile: write(folder, 'server.key', server.key),
    trustCollectionFile: write(folder, 'clients.crt', authority.cert),
  };
  const tls: ApiScenario['tls'] = { ...files, clientAuth: 'require' };
  const admin: ApiScenario = {
    tls,
    auth: {
      type: 'jwt-rs-256-crt',
      certificateFile: write(folder, 'signer.crt', signer.cert),
      targetAudience: ADMIN_AUDIENCE,
      users: USERS,
    },
  };
  const ledger: ApiScenario = {
    tls,
    auth: {
      type: 'unsafe-jwt-hmac-256',
      secret: LEDGER_SECRET,
      users: USERS,
      maxTokenLifetimeSeconds: MAX_TOKEN_LIFETIME,
    },
  };

  const token: Protection['token'] = (api, flaw = {}) => {
    const { audience = ADMIN_AUDIENCE, scope = 'daml_ledger_api', isSignedByOther = false } = flaw;
    if (api === 'ledger') {
      const secret = isSignedByOther ? `not ${LEDGER_SECRET}` : LEDGER_SECRET;
      return sign({ scope }, 'HS256', Buffer.from(secret), flaw);
    }
    const { key } = isSignedByOther ? other : signer;
    return sign({ aud: audience }, 'RS256', createPrivateKey(key), flaw);
  };
  return {
    scenario: { source: { admin, ledger }, target: { admin, ledger } },
    authority,
    tls: { ca: authority.cert, ...worker },
    token,
  };
}

let serial = 0;

/** No two alike, also within one second. */
function sign(
  claims: JWTPayload,
  alg: string,
  key: Parameters<SignJWT['sign']>[0],
  { user = 'migration', secondsToLive = 240 }: TokenFlaw,
): Promise<string> {
  return new SignJWT({ ...claims, jti: String(++serial) })
    .setProtectedHeader({ alg })
    .setSubject(user)
    .setExpirationTime(Math.floor(Date.now() / 1000) + secondsToLive)
    .sign(key);
}

async function makeSigner(name: string): Promise<Identity> {
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'rsa',
    keySize: 2048,
    algorithm: 'sha256',
  });
  return { cert: Buffer.from(made.cert), key: Buffer.from(made.private) };
}

function write(folder: string, name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes, { mode: 0o600 });
  return path;
}
