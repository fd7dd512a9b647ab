import { cancellationSignal } from '@temporalio/activity';
import { Agent, fetch, type Response } from 'undici';

import { boundedBody } from '../../canton/bounded-body.js';
import { credentialOf, type CredentialOptions } from '../../canton/credentials.js';
import { shortenedName } from '../../canton/peer-text.js';
import { refused, transient, type StepFailure } from '../../model/failure.js';

/** Whom the worker tells that clients are to move to the target. The token is sent as bearer token. */
export interface SwitchHook extends Pick<CredentialOptions, 'token' | 'tokenFile'> {
  /** `https`, or `http` to a loopback address. */
  url: string;
  /** PEM; without a CA the system's authorities are trusted. */
  tls?: { ca?: Uint8Array; cert?: Uint8Array; key?: Uint8Array };
}

/** What a hook answers once the clients of this migration have moved. */
interface Switched {
  switched: true;
  /** Workflow id. */
  migration: string;
}

/** Moving clients may take as long as their commands under way do. */
const LIMIT_MS = 10 * 60_000;

/**
 * Calls the hook, which may be called again after it has succeeded; returns once it says that the clients of this
 * migration have moved. Redirects are not followed. Fails with `SwitchHookFailed`, without its address or token.
 */
export async function callSwitchHook(
  hook: SwitchHook,
  request: { migration: string } & Record<string, unknown>,
): Promise<void> {
  const credential = credentialOf(hook);
  const pem = Object.entries(hook.tls ?? {}).map(([name, bytes]) => [name, Buffer.from(bytes)]);
  const agent = new Agent({ connect: Object.fromEntries(pem) as object });
  try {
    const token = await credential.token();
    const answer = await fetch(hook.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(request),
      // A login page somewhere else would answer well.
      redirect: 'manual',
      dispatcher: agent,
      signal: AbortSignal.any([cancellationSignal(), AbortSignal.timeout(LIMIT_MS)]),
    }).catch(noAnswer);
    const body = await boundedBody(answer.body).catch(noAnswer);
    checkAnswer(answer, body, request.migration);
  } finally {
    credential.close();
    // Whatever is left of the answer goes with it.
    await agent.destroy();
  }
}

function noAnswer(error: unknown): never {
  const { cause } = error as { cause?: { code?: unknown } };
  const reason = typeof cause?.code === 'string' ? cause.code : 'no answer';
  throw transient('SwitchHookFailed', `the hook does not answer (${reason})`);
}

function checkAnswer(answer: Response, body: Buffer | undefined, migration: string): void {
  const { status } = answer;
  if (status >= 300 && status < 400)
    throw notSwitched(`${status}, a redirect, which is not followed`, migration);
  if (!answer.ok) throw transient('SwitchHookFailed', `the hook answered ${status}, expected 2xx`);
  const type = shortenedName(answer.headers.get('content-type') ?? 'no content type');
  if (!body) throw notSwitched(`${status} with more than 64 KiB of ${type}`, migration);
  const found = parsed(body);
  if (!found) throw notSwitched(`${status} with ${body.length} bytes of ${type}`, migration);
  if (found.switched !== true || found.migration !== migration)
    throw notSwitched(`${status} with ${said(found)}`, migration);
}

function parsed(body: Buffer): Partial<Record<keyof Switched, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return value !== null && typeof value === 'object' ? value : undefined;
  } catch {
    return undefined;
  }
}

function said(found: Partial<Record<keyof Switched, unknown>>): string {
  const show = (value: unknown) =>
    value === undefined ? 'missing' : shortenedName(JSON.stringify(value) ?? 'missing');
  return `switched ${show(found.switched)} and migration ${show(found.migration)}`;
}

/** Repeating does not help: somebody else than the hook answers, or it is for another migration. */
function notSwitched(found: string, migration: string): StepFailure {
  const expected: Switched = { switched: true, migration };
  return refused(
    'SwitchHookFailed',
    `the hook answered ${found}; expected 200 with ${JSON.stringify(expected)}: nobody is known to have moved`,
  );
}
