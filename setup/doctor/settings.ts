import { createServer } from 'node:net';
import { hostname } from 'node:os';

import { hostAndPort, whyNotListening } from '../../worker/addresses.js';
import type { WorkerOptions } from '../../worker/options.js';
import { checking, type CheckResult, type Findings } from './result.js';

/** Checks what the configuration says of approvals, payloads, reports and ports. `pollers` are workers that run. */
export async function checkSettings(
  options: WorkerOptions,
  pollers: readonly string[],
): Promise<CheckResult[]> {
  const checked = await Promise.all([
    checking('approvals', 'gates', (findings) => checkApprovals(options, findings)),
    checking('payloads', 'Temporal', (findings) => checkPayloads(options, findings)),
    checkReports(options),
    checking('ports', 'this machine', (findings) => checkPorts(options, pollers, findings)),
  ]);
  return checked.flat();
}

async function checkApprovals({ approval }: WorkerOptions, findings: Findings): Promise<void> {
  const { approvers, twoPersons } = approval;
  if (approvers.length === 0)
    findings.ok(
      'nobody is named in approval.approvers: whoever may write to the namespace opens a gate, under any name',
    );
  else findings.ok(`signed by one of ${approvers.map(({ name }) => name).join(', ')}`);
  if (twoPersons.length > 0) findings.ok(`two people for ${twoPersons.join(', ')}`);
}

async function checkPayloads({ payloads }: WorkerOptions, findings: Findings): Promise<void> {
  const [key] = payloads?.keys ?? [];
  findings.ok(
    key
      ? `encrypted with the key ${key.id}`
      : 'in clear text: whoever reads the namespace reads plans, reports and names of parties',
  );
}

/** That the key can be used, reading the configuration has shown. */
function checkReports({ signingKey }: WorkerOptions): Promise<CheckResult[]> {
  const about = signingKey ? `signed with ${signingKey.fingerprint}` : 'not signed';
  return checking('reports', about, async (findings) => findings.ok(about));
}

async function checkPorts(
  { metricsAddress, healthAddress }: WorkerOptions,
  pollers: readonly string[],
  findings: Findings,
): Promise<void> {
  const isOurs = pollers.some((identity) => identity.endsWith(`@${hostname()}`));
  const addresses = { 'metrics.address': metricsAddress, 'health.address': healthAddress };
  if (metricsAddress === undefined && healthAddress === undefined)
    return void findings.ok('none is configured');
  for (const [field, address] of Object.entries(addresses)) {
    if (address === undefined) continue;
    const failure = await listenFailure(address);
    if (!failure) findings.ok(`${field}: ${address} is free`);
    else if (failure.code === 'EADDRINUSE' && isOurs)
      findings.ok(`${field}: ${address} is taken, and a worker runs on this machine`);
    else
      findings.problem(
        whyNotListening(field, address, failure.code, failure.message),
        `set ${field} to a free port of this machine, or stop what listens there`,
      );
  }
  const [one, other] = [metricsAddress, healthAddress].map((its) => its && hostAndPort(its).port);
  // Port 0 is a free one each time.
  if (one && one === other)
    findings.problem(
      `metrics.address and health.address: found port ${one} twice, expected two`,
      'set one of them to another port',
    );
}

/** Listens for a moment; returns why that is not possible. */
function listenFailure(address: string): Promise<NodeJS.ErrnoException | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(hostAndPort(address), () => server.close(() => resolve(undefined)));
  });
}
