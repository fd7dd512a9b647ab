import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';

import { ApiCheck, type Api } from '../../canton/api-check.js';
import { CantonError } from '../../canton/errors.js';
import { cureOf } from '../../model/cures.js';
import { shortenedName } from '../../canton/peer-text.js';
import type { ParticipantProfile } from '../../worker/options.js';
import { ANSWER_LIMIT_MS } from '../answer-limit.js';
import { beforeAnyMigration, checking, cureNow, type CheckResult, type Findings } from './result.js';

/** Of a connection that carries nothing yet. */
const CONNECT_LIMIT_MS = 5_000;

const API_NAMES: Record<Api, string> = { admin: 'Admin API', ledger: 'Ledger API' };
const APIS = Object.keys(API_NAMES) as Api[];

/** What the APIs of a participant say, each by itself. */
export interface ApisChecked {
  results: CheckResult[];
  /** Of the participant, if both of its APIs answer as one node. */
  uid?: string;
}

/** Checks that each API of a participant answers, who it says it is, and what its credential may do there. */
export async function checkApis(profile: ParticipantProfile): Promise<ApisChecked> {
  const { name } = profile;
  const checked = await Promise.all(APIS.map((api) => checkApi(name, api, profile)));
  const [admin, ledger] = checked.map(({ uid }) => uid);
  const identity = await checking('identity', name, async (findings) => {
    if (checked.some(({ hasAnswered }) => !hasAnswered))
      return findings.notChecked('it takes an answer of both APIs');
    if (checked[0]?.isUidRefused)
      return findings.notChecked('the Admin API does not tell its uid to this credential');
    if (admin === undefined)
      return findings.problem(
        `${name}: the node has no identity yet, expected one that is initialised`,
        'initialise the participant: docs/operating/prepare.md',
      );
    if (ledger === undefined)
      return findings.notChecked('the Ledger API does not tell its uid to this credential');
    if (admin === ledger) return findings.ok(`both APIs are those of ${shortenedName(admin)}`);
    return findings.problem(
      `the Admin API at ${profile.admin.address} is that of ${shortenedName(admin)}, the Ledger API at ${profile.ledger.address} that of ${shortenedName(ledger)}, expected both of one participant`,
      beforeAnyMigration(cureOf('ApisOfTwoParticipants')),
    );
  });
  const isOne = admin !== undefined && admin === ledger;
  return {
    results: [...checked.flatMap(({ results }) => results), ...identity],
    ...(isOne && { uid: admin }),
  };
}

async function checkApi(name: string, api: Api, profile: ParticipantProfile) {
  const about = `${name}, ${API_NAMES[api]}`;
  const { address } = profile[api];
  let channel: ApiCheck | undefined;
  let hasAnswered = false;
  let isUidRefused = false;
  let uid: string | undefined;
  try {
    const reached = await checking('reachability', about, async (findings) => {
      if (await isCutOff(address, findings)) return undefined;
      channel = new ApiCheck(name, api, profile[api], ANSWER_LIMIT_MS);
      try {
        await channel.reach();
      } catch (error) {
        // Who may not make this call has been answered: that is a matter of rights.
        if (!isDenied(error)) return findings.problem(reasonOf(error), nextOf(error, api));
      }
      hasAnswered = true;
      return findings.ok(`${address} answers${profile[api].tls ? ' over TLS' : ' in plain text'}`);
    });
    const rights = await checking('rights', about, async (findings) => {
      if (!channel || !hasAnswered) return findings.notChecked('it takes an answer of the API');
      try {
        uid = await channel.readUid();
      } catch {
        // The rights, which are checked next, say why.
        isUidRefused = true;
      }
      return checkRights(channel, api, findings);
    });
    return { results: [...reached, ...rights], hasAnswered, isUidRefused, uid };
  } finally {
    channel?.close();
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof CantonError && error.code === 'PERMISSION_DENIED';
}

/** Says so if nothing can be told to the address at all: its name, or nothing that listens there. */
async function isCutOff(address: string, findings: Findings): Promise<boolean> {
  const failure = await connectFailure(address);
  if (failure === undefined) return false;
  findings.problem(`${address}: ${failure.what}`, failure.next);
  return true;
}

/** Opens a connection and closes it; returns why that fails, in an operator's words. */
export async function connectFailure(
  address: string,
): Promise<{ what: string; next: string } | undefined> {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  const port = Number(address.slice(colon + 1));
  if (isIP(host) === 0) {
    try {
      await lookup(host);
    } catch {
      const next = 'correct the address in the configuration, or make its name known to this machine';
      return { what: `no address is known for the name ${host}`, next };
    }
  }
  const code = await connectCode(host, port);
  if (code === undefined) return undefined;
  if (code === 'ECONNREFUSED') {
    const next = 'start what is to listen there, or correct the address in the configuration';
    return { what: 'nothing listens there', next };
  }
  const next = 'check the route and the firewalls from this machine to that address';
  const what = code === 'ETIMEDOUT' ? `no connection within ${CONNECT_LIMIT_MS / 1000} s` : code;
  return { what, next };
}

function connectCode(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (code: string | undefined) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(code);
    };
    const timer = setTimeout(() => end('ETIMEDOUT'), CONNECT_LIMIT_MS);
    socket.once('connect', () => end(undefined));
    socket.on('error', ({ code }: NodeJS.ErrnoException) => end(code ?? 'no connection'));
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof CantonError && error.code === 'DEADLINE_EXCEEDED')
    return `${error.message}: expected an answer within ${ANSWER_LIMIT_MS / 1000} s`;
  return (error as Error).message;
}

function nextOf(error: unknown, api: Api): string {
  if (error instanceof CantonError && error.code === 'UNIMPLEMENTED')
    return `set the address to the ${API_NAMES[api]} of a participant: what answers there is something else`;
  return cureNow(error);
}

async function checkRights(channel: ApiCheck, api: Api, findings: Findings): Promise<void> {
  const tried = await channel.tryReads();
  const named = (outcome: string) =>
    tried.filter((its) => its.outcome === outcome).map(({ method }) => method);
  const [denied, missing, unanswered] = [named('denied'), named('missing'), named('unanswered')];
  if (denied.length > 0)
    findings.problem(
      `the credential may not make ${denied.length} of ${tried.length} calls that read: ${denied.join(', ')}`,
      beforeAnyMigration(cureOf('PermissionDenied')),
    );
  if (missing.length > 0)
    findings.problem(
      `${missing.join(', ')}: nobody answers, expected the ${API_NAMES[api]} of a participant`,
      'let a proxy in front of it pass the calls of the table in SECURITY.md#least-privilege, or upgrade the participant',
    );
  if (unanswered.length > 0)
    findings.warning(
      `${unanswered.join(', ')}: no answer within ${ANSWER_LIMIT_MS / 1000} s`,
      'check the load of the participant, then repeat canton-migrate doctor',
    );
  if (denied.length + missing.length + unanswered.length > 0) return;
  findings.ok(`the credential may make all ${tried.length} calls that read`);
  findings.notTried(
    api === 'admin'
      ? 'calls that change the node: whoever may read here may change, unless a proxy filters calls (SECURITY.md#least-privilege lists them)'
      : 'calls that change users, identity providers and details of parties: they need the right ParticipantAdmin, which the calls that read have proven',
  );
}
