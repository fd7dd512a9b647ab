/* eslint-disable @typescript-eslint/consistent-type-assertions -- what is posted comes from tests, and is taken as it is */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fault } from './faults.js';
import { portFailure } from './grpc.js';
import type { Sandbox } from './index.js';
import type { ParticipantView } from './inspect.js';
import type { Upgrades } from './upgrades.js';
import type { OnboardingRestriction, SynchronizerOwner } from './synchronizer-owner.js';
import type { Permission } from './topology/mapping.js';
import type { TrafficControl } from './traffic.js';

/** A control port that answers. */
export interface ControlPort {
  readonly port: number;
  close(): void;
}

type Route = (sandbox: Sandbox, query: URLSearchParams, body: unknown) => unknown;

const MAX_BODY = 1024 * 1024;

const ROUTES: Readonly<Record<string, Route>> = {
  'GET /ready': (sandbox) => sandbox.addresses,
  'GET /scenario': (sandbox) => sandbox.scenario,
  'GET /calls': (sandbox, query) =>
    sandbox.calls.list({
      ...optional('participant', query.get('participant')),
      ...optional('method', query.get('method')),
      ...(query.has('mutating') ? { isMutating: query.get('mutating') === 'true' } : {}),
      after: Number(query.get('after') ?? 0),
    }),
  'GET /faults': (sandbox) => sandbox.faults.pending(),
  'POST /faults': (sandbox, _query, body) => {
    for (const fault of Array.isArray(body) ? (body as Fault[]) : [body as Fault])
      sandbox.faults.arm(fault);
    return sandbox.faults.pending();
  },
  'DELETE /faults': (sandbox) => {
    sandbox.faults.clear();
    return [];
  },
  'GET /participant': (sandbox, query) => inspect(viewOf(sandbox, query), query),
  'POST /crash': (sandbox, query) => {
    const after = query.get('restartAfterMs');
    viewOf(sandbox, query).crash(after === null ? undefined : Number(after));
    return {};
  },
  'POST /restart': async (sandbox, query) => {
    await viewOf(sandbox, query).restart();
    return {};
  },
  'POST /backup': (sandbox, query) => ({ backup: viewOf(sandbox, query).backup() }),
  'POST /restore': async (sandbox, query) => {
    await viewOf(sandbox, query).restore(query.get('backup') ?? '');
    return {};
  },
  'POST /kms/lose-keys': (sandbox) => {
    sandbox.kms.loseKeys();
    return {};
  },
  'POST /kms/keys': (sandbox, query) => {
    const seed = query.get('seed') ?? String(Date.now());
    return {
      publicKey: sandbox.kms.generate('SIGNING_KEY_SPEC_EC_P256', seed).publicKey.toString('base64'),
    };
  },
  'POST /root-key': (sandbox, query) => viewOf(sandbox, query).takeRootKey(),
  'POST /sign': (sandbox, query, body) => {
    const bytes = Buffer.from((body as { bytes: string }).bytes, 'base64');
    const signature = sandbox.sign(query.get('fingerprint') ?? '', bytes);
    return { signature: Buffer.from(signature).toString('base64') };
  },
  'GET /key': (sandbox, query) => sandbox.keyOf(query.get('fingerprint') ?? ''),
  'POST /lsu/announce': (sandbox, query) => {
    const number = (name: string) => Number(query.get(name) ?? NaN);
    const [version, after] = [number('protocolVersion'), number('upgradeAfterMs')];
    upgradesOf(sandbox, query).announce({
      ...(Number.isNaN(version) ? {} : { protocolVersion: version }),
      ...(Number.isNaN(after) ? {} : { upgradeAfterMs: after }),
    });
    return {};
  },
  'POST /lsu/cancel': (sandbox, query) => {
    upgradesOf(sandbox, query).cancel();
    return {};
  },
  'POST /lsu/successors': async (sandbox, query) => {
    await upgradesOf(sandbox, query).announceSuccessors();
    return {};
  },
  'POST /lsu/upgrade': (sandbox, query) => {
    upgradesOf(sandbox, query).upgrade();
    return {};
  },
  'POST /lsu/retire': (sandbox, query) => {
    upgradesOf(sandbox, query).retire();
    return {};
  },
  'POST /synchronizer': (sandbox, query) => {
    const role = query.get('synchronizer') === 'source' ? 'source' : 'target';
    sandbox.synchronizers[role].setUp(query.get('up') !== 'false');
    return {};
  },
  'POST /synchronizer/onboarding': (sandbox, query) => {
    const restriction = `ONBOARDING_RESTRICTION_${query.get('restriction') ?? ''}`;
    ownerOf(sandbox, query).restrict(restriction as OnboardingRestriction);
    return {};
  },
  'POST /synchronizer/permission': (sandbox, query) => {
    const [permission, rate, after] = ['permission', 'rate', 'loginAfter'].map((key) => query.get(key));
    ownerOf(sandbox, query).grant(viewOf(sandbox, query).uid, {
      ...(permission && { permission: `PARTICIPANT_PERMISSION_${permission}` as Permission }),
      ...(rate && { maxRate: Number(rate) }),
      ...(after && { loginAfterMicros: BigInt(Date.parse(after)) * 1000n }),
    });
    return {};
  },
  'DELETE /synchronizer/permission': (sandbox, query) => {
    ownerOf(sandbox, query).revoke(viewOf(sandbox, query).uid);
    return {};
  },
  'POST /traffic': (sandbox, query, body) => {
    const role = query.get('synchronizer') === 'source' ? 'source' : 'target';
    const { traffic, owner } = sandbox.synchronizers[role];
    const purchased = query.get('purchased');
    if (purchased !== null) traffic.purchase(viewOf(sandbox, query).uid, Number(purchased));
    else owner.controlTraffic(body as TrafficControl | undefined);
    return traffic.control ?? {};
  },
  'POST /ledger/churn': (sandbox, query) => {
    const count = (name: string) => Number(query.get(name) ?? 0);
    viewOf(sandbox, query).ledger.churn(count('create'), count('archive'));
    return {};
  },
  'POST /ledger/in-flight': (sandbox, query, body) => {
    const { synchronizer, perSecond, ...inFlight } = body as {
      synchronizer: string;
      perSecond?: number;
      submissions: number;
      transactions: number;
    };
    viewOf(sandbox, query).ledger.setInFlight(synchronizer, inFlight, perSecond);
    return {};
  },
  'POST /ledger/unassign': (sandbox, query) => {
    viewOf(sandbox, query).ledger.unassign(query.get('contract') ?? '', query.get('target') ?? '');
    return {};
  },
  'POST /ledger/prune': (sandbox, query) => {
    viewOf(sandbox, query).ledger.prune(Number(query.get('offset')));
    return {};
  },
};

/** What this machine is called where only it can be meant. */
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Says what is wrong with a request that a browser may have sent for a page: one under a name of its own that leads to
 * this address, or one that was sent without asking. Nothing if it is from a program.
 */
function strangeness({ headers, method }: IncomingMessage): string | undefined {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  if (!LOOPBACK.includes(host))
    return `the request is for ${host || 'no host'}, expected a loopback host`;
  if (headers.origin !== undefined)
    return `the request is of the page ${headers.origin}, expected none of a browser`;
  const hasBody =
    Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;
  const isJson = (headers['content-type'] ?? '').startsWith('application/json');
  if (method === 'POST' && hasBody && !isJson)
    return 'the request has another content type, expected application/json';
  return undefined;
}

/** Serves faults, the call log, crashes and inspection as HTTP and JSON on 127.0.0.1. */
export async function openControlPort(sandbox: Sandbox, port: number): Promise<ControlPort> {
  const server = createServer((request, response) => void serve(sandbox, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portFailure(error)));
    server.listen(port, '127.0.0.1', resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => closed(server) };
}

function closed(server: Server): void {
  server.close();
  server.closeAllConnections();
}

async function serve(
  sandbox: Sandbox,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const strange = strangeness(request);
    if (strange !== undefined) return answer(response, 403, { error: strange });
    const url = new URL(request.url ?? '/', 'http://control');
    const route = ROUTES[`${request.method ?? 'GET'} ${url.pathname}`];
    if (!route) return answer(response, 404, { error: 'no such route', routes: Object.keys(ROUTES) });
    answer(response, 200, await route(sandbox, url.searchParams, await bodyOf(request)));
  } catch (error) {
    answer(response, 400, { error: error instanceof Error ? error.message : String(error) });
  }
}

function answer(response: ServerResponse, status: number, content: unknown): void {
  const isText = typeof content === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json' });
  response.end(isText ? content : JSON.stringify(content));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_BODY) throw new Error(`a request has at most ${MAX_BODY} bytes`);
  }
  return text === '' ? undefined : JSON.parse(text);
}

function upgradesOf(sandbox: Sandbox, query: URLSearchParams): Upgrades {
  const role = query.get('synchronizer') === 'source' ? 'source' : 'target';
  return sandbox.synchronizers[role].upgrades;
}

function optional<K extends string>(key: K, value: string | null): { [P in K]?: string } {
  return value === null ? {} : ({ [key]: value } as { [P in K]: string });
}

function ownerOf(sandbox: Sandbox, query: URLSearchParams): SynchronizerOwner {
  return sandbox.synchronizers[query.get('synchronizer') === 'source' ? 'source' : 'target'].owner;
}

function viewOf(sandbox: Sandbox, query: URLSearchParams): ParticipantView {
  const name = query.get('participant');
  const found = Object.entries(sandbox.participants).find(
    ([role, view]) => role === name || view.name === name,
  );
  if (!found) throw new Error(`no participant '${name ?? ''}': use source, target or fresh`);
  return found[1];
}

/** With `contracts=ids` the ids of all active contracts, else their count. */
function inspect(view: ParticipantView, query: URLSearchParams): unknown {
  if (!view.isUp) return { name: view.name, isUp: false };
  const connected = view.connected();
  const contracts = view.contracts();
  return {
    name: view.name,
    isUp: true,
    uid: view.uid,
    connected,
    delegations: view.delegations(),
    parties: view.parties(),
    vetted: Object.fromEntries(connected.map((alias) => [alias, view.vetted(alias)])),
    localState: view.localState(),
    packages: view.packages(),
    contractCount: contracts.length,
    damage: view.damage(),
    ...(query.get('contracts') === 'ids' ? { contracts } : {}),
  };
}
