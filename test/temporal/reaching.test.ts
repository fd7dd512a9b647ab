import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { status } from '@grpc/grpc-js';
import { Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';

import type { TemporalProblemType } from '../../temporal/problem.js';
import { whyUnreachable } from '../../temporal/reaching.js';
import type { TemporalSettings } from '../../temporal/settings.js';
import { makeAuthority } from '../support/certificates.js';
import { temporalServer } from '../support/temporal.js';
import { grpcDoor, silentDoor, tlsDoor, webDoor, type Door } from '../support/temporal-doors.js';

const ANSWER_LIMIT_MS = 2_000;
type Tls = NonNullable<TemporalSettings['connection']['tls']>;

/** Of each way that leads nowhere: what is there, and what is told. */
const WAYS: Record<string, [type: TemporalProblemType, what: RegExp]> = {
  nothing: ['TemporalUnavailable', /does not answer at 127\.0\.0\.1:1: nothing listens there/],
  'no such host': ['TemporalUnavailable', /no-such-host\.invalid:7233: the host name /],
  silence: ['TemporalUnavailable', /it took the connection and does not answer/],
  'plain text to TLS': ['TemporalTlsRequired', /speaks TLS, and TEMPORAL_TLS is not set/],
  'plain text to TLS that wants a certificate': ['TemporalTlsRequired', /speaks TLS/],
  'TLS to plain text': ['TemporalTlsNotSpoken', /does not speak TLS/],
  'an unknown authority': ['TemporalCertificateNotTrusted', /certificate is not trusted/],
  'another name': ['TemporalHostNameMismatch', /certificate is for another name/],
  'no client certificate': ['TemporalClientCertificateRequired', /client certificate, or wants one/],
  'no client certificate, TLS 1.2': ['TemporalClientCertificateRequired', /client certificate/],
  'a page of the Web UI': ['TemporalNotSpoken', /does not speak gRPC/],
  'another gRPC server': ['TemporalNotSpoken', /speaks gRPC and is not Temporal/],
  'a wrong API key': ['TemporalAccessRefused', /refuses access to namespace nowhere: Request unauth/],
  'a namespace without rights': ['TemporalAccessRefused', /refuses access to namespace nowhere: No/],
  'no such namespace': ['NamespaceMissing', /has no namespace nowhere$/],
};

const doors: Door[] = [];
const ways: Record<string, { address: string; tls?: Tls }> = {};

before(async () => {
  const { address } = await temporalServer();
  const port = Number(address.split(':')[1]);
  const authority = await makeAuthority('authority');
  const [own, other] = await Promise.all([
    authority.issue(['localhost', '127.0.0.1']),
    authority.issue(['elsewhere.example']),
  ]);
  const asking = { ...own, ca: authority.cert, requestCert: true, rejectUnauthorized: true };
  doors.push(
    ...(await Promise.all([
      tlsDoor(own, port),
      tlsDoor(other, port),
      tlsDoor(asking, port),
      tlsDoor({ ...asking, maxVersion: 'TLSv1.2' }, port),
      webDoor(),
      silentDoor(),
      grpcDoor(),
      grpcDoor({ code: status.UNAUTHENTICATED, details: 'Request unauthorized.' }),
      grpcDoor({ code: status.PERMISSION_DENIED, details: 'No rights.' }),
    ])),
  );
  const [secure, misnamed, mutual, older, web, silent, grpc, keyed, denied] = doors.map(
    (door) => door.address,
  ) as [string, string, string, string, string, string, string, string, string];
  const tls = { serverRootCACertificate: authority.cert };
  Object.assign(ways, {
    nothing: { address: '127.0.0.1:1' },
    'no such host': { address: 'no-such-host.invalid:7233' },
    silence: { address: silent },
    'plain text to TLS': { address: secure },
    'plain text to TLS that wants a certificate': { address: mutual },
    'TLS to plain text': { address, tls: true },
    'an unknown authority': { address: secure, tls: true },
    'another name': { address: misnamed, tls },
    'no client certificate': { address: mutual, tls },
    'no client certificate, TLS 1.2': { address: older, tls },
    'a page of the Web UI': { address: web },
    'another gRPC server': { address: grpc },
    'a wrong API key': { address: keyed },
    'a namespace without rights': { address: denied },
    'no such namespace': { address },
  });
});

after(() => doors.forEach((door) => door.close()));

suite('reaching', { concurrency: true }, () => {
  for (const [name, [type, what]] of Object.entries(WAYS)) {
    test(`reaching: ${name} is told to client and worker as ${type}`, async () => {
      const its = ways[name]!;
      const settings: TemporalSettings = { ...its, namespace: 'nowhere', connection: its };

      for (const failing of [asClient(settings), asWorker(settings)]) {
        const problem = await whyUnreachable(settings, await failing);

        assert.equal(problem.type, type, problem.message);
        assert.match(problem.message, what);
        assert.match(problem.next, /TEMPORAL_/);
      }
    });
  }
});

/** What the SDK of clients says. */
async function asClient({ connection: { address, tls = null }, namespace }: TemporalSettings) {
  return failure(async () => {
    const connection = await Connection.connect({ address, tls, connectTimeout: ANSWER_LIMIT_MS });
    await connection
      .withDeadline(Date.now() + ANSWER_LIMIT_MS, () =>
        connection.workflowService.describeNamespace({ namespace }),
      )
      .finally(() => connection.close());
  });
}

/** What the SDK of workers says. */
async function asWorker({ connection: options, namespace }: TemporalSettings) {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('no answer')), ANSWER_LIMIT_MS).unref();
  });
  const asking = async () => {
    const connection = await NativeConnection.connect(options);
    await connection.workflowService.describeNamespace({ namespace }).finally(() => connection.close());
  };
  return failure(() => Promise.race([asking(), late]));
}

async function failure(act: () => Promise<unknown>): Promise<unknown> {
  try {
    await act();
  } catch (error) {
    return error;
  }
  throw new Error('expected a failure');
}
