import { createServer } from 'node:net';
import { hostname } from 'node:os';

import type { WorkerOptions } from '../../worker/options.js';
import { checking, type CheckResult, type Findings } from './result.js';

/** Checks what the configuration says of approvals, payloads and ports. `pollers` are workers that run. */
export async function checkSettings(
  options: WorkerOptions,
  pollers: readonly string[],
): Promise<CheckResult[]> {
  const checked = await Promise.all([
    checking('approvals', 'gates', (findings) => checkApprovals(options, findings)),
    checking('payloads', 'Temporal', (findings) => checkPayloads(options, findings)),
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

async function checkPorts(
  { metricsAddress }: WorkerOptions,
  pollers: readonly string[],
  findings: Findings,
): Promise<void> {
  if (metricsAddress === undefined) return void findings.ok('none is configured');
  const code = await listenCode(metricsAddress);
  const isOurs = pollers.some((identity) => identity.endsWith(`@${hostname()}`));
  if (code === undefined) findings.ok(`${metricsAddress} for metrics is free`);
  else if (code === 'EADDRINUSE' && isOurs)
    findings.ok(`${metricsAddress} for metrics is taken, and a worker runs on this machine`);
  else
    findings.problem(
      code === 'EADDRINUSE'
        ? `${metricsAddress} is taken by another program, expected a free port for metrics`
        : `${metricsAddress} cannot be listened at (${code})`,
      'set metrics.address to a free port of this machine, or stop what listens there',
    );
}

/** Listens for a moment; returns why that is not possible. */
function listenCode(address: string): Promise<string | undefined> {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'no reason'));
    server.listen({ host, port: Number(address.slice(colon + 1)) }, () =>
      server.close(() => resolve(undefined)),
    );
  });
}
