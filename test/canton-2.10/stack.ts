import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';

import { startSandbox210, type Sandbox210, type Scenario210 } from '../../sandbox/v0/index.js';
import { startStackOver, type MigrationStack } from '../support/temporal.js';

/** A sandbox of Canton 2.10, and a worker that migrates its source. */
export async function startStack210(
  t: TestContext,
  scenario: Scenario210 = {},
): Promise<{ sandbox: Sandbox210 } & Omit<MigrationStack, 'sandbox'>> {
  const sandbox = await startSandbox210({ seed: randomUUID(), ...scenario });
  return { sandbox, ...(await startStackOver(t, sandbox)) };
}

/** The ids of contracts, in their order. */
export function idsOf(contracts: readonly { id: string }[]): string[] {
  return contracts.map(({ id }) => id).sort();
}
