import { cancellationSignal } from '@temporalio/activity';

import { transient } from '../model/failure.js';

/** Whom the worker tells that clients shall move to the target. */
export interface SwitchHook {
  /** Answers 2xx once the clients have moved; called again if it does not. */
  url: string;
  /** Sent as bearer token. */
  token?: string;
}

/** Moving clients may take as long as their commands under way do. */
const LIMIT_MS = 10 * 60_000;

/** Calls the hook, which may be called again after it has succeeded. Fails with `SwitchHookFailed`, without its address. */
export async function callSwitchHook({ url, token }: SwitchHook, body: object): Promise<void> {
  const signal = AbortSignal.any([cancellationSignal(), AbortSignal.timeout(LIMIT_MS)]);
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const answer = await fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    signal,
  }).catch((error: unknown) => {
    const { cause } = error as { cause?: { code?: string } };
    throw transient('SwitchHookFailed', `the hook does not answer (${cause?.code ?? 'no answer'})`);
  });
  await answer.arrayBuffer();
  if (!answer.ok) {
    throw transient('SwitchHookFailed', `the hook answered ${answer.status}, expected 2xx`);
  }
}
