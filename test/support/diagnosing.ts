import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Addresses } from '../../sandbox/index.js';
import type { CheckName, CheckResult, CheckStatus } from '../../setup/doctor/result.js';
import { diagnose } from '../../setup/doctor/index.js';
import { REQUEST } from './stack.js';
import { temporalServer } from './temporal.js';

/** A configuration as it is written; tests change what they want to see found. */
export interface WrittenConfiguration {
  participants: Record<string, Record<'admin' | 'ledger', Record<string, unknown>>>;
  [field: string]: unknown;
}

/** How the two nodes of a sandbox are reached, and folders beside the file. */
export function configurationOf(
  { source, target }: Addresses,
  more: (name: string, api: 'admin' | 'ledger') => object = () => ({}),
): WrittenConfiguration {
  const apis = (name: string, its: Addresses['source']) => ({
    admin: { address: its.admin, ...more(name, 'admin') },
    ledger: { address: its.ledger, ...more(name, 'ledger') },
  });
  return {
    participants: { source: apis('source', source), target: apis('target', target) },
    spool: 'spool',
    lists: 'lists',
    taskQueue: 'doctor',
    logLevel: 'error',
  };
}

/** A folder for a configuration, which goes with the test. */
export function setupFolder(t: { after: (work: () => void) => void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-setup-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes both files into a folder and runs the checks, with the Temporal server of this test process. */
export async function diagnosed(
  folder: string,
  configuration: WrittenConfiguration,
  {
    request,
    environment = {},
  }: { request?: object | 'of the sandbox'; environment?: Record<string, string> } = {},
): Promise<CheckResult[]> {
  const config = join(folder, 'worker.json');
  writeFileSync(config, JSON.stringify(configuration), { mode: 0o600 });
  const file = join(folder, 'migration.json');
  const asked = request === 'of the sandbox' ? REQUEST : request;
  if (asked) writeFileSync(file, JSON.stringify(asked));
  const variables = {
    TEMPORAL_ADDRESS: (await temporalServer()).address,
    TEMPORAL_NAMESPACE: 'default',
    ...environment,
  };
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return await diagnose({ config, ...(asked && { request: file }) });
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
}

/** The results of one kind. */
export function resultsOf(
  results: readonly CheckResult[],
  status: CheckStatus,
  check?: CheckName,
): CheckResult[] {
  return results.filter((its) => its.status === status && (check === undefined || its.check === check));
}
