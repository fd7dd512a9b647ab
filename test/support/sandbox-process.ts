import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

import type { Addresses, CallRecord, ScenarioChange } from '../../sandbox/index.js';
import { nodeArguments } from '../../tools/package-root.js';
import { startProcess, type OwnedProcess } from '../../tools/processes.js';
import type { Ledgers } from './driving.js';
import { folderOf, kill } from './workers.js';

const READY_LIMIT_MS = 60_000;

/** A sandbox in a process of its own, whose state survives its death. */
export interface SandboxProcess {
  addresses: Addresses;
  /** Calls since its last start, oldest first. */
  calls: () => Promise<CallRecord[]>;
  ledgers: () => Promise<Ledgers>;
  /** Kills it without leave and returns the calls it had received. */
  kill: () => Promise<CallRecord[]>;
  /** Starts it from what is on disk, on the same ports. */
  restart: () => Promise<void>;
}

interface Ready extends Addresses {
  control: string;
}

/** Starts a sandbox as an operator does; it ends with the test. */
export async function startSandboxProcess(
  t: TestContext,
  scenario: ScenarioChange,
): Promise<SandboxProcess> {
  const folder = folderOf(t);
  const scenarioFile = join(folder, 'scenario.json');
  writeFileSync(scenarioFile, JSON.stringify({ seed: randomUUID(), ...scenario }));
  const args = ['--scenario', scenarioFile, '--state', join(folder, 'state'), '--json'];
  let running: OwnedProcess;
  const start = async () => {
    running = startProcess('the sandbox', process.execPath, [...nodeArguments('sandbox/main'), ...args]);
    return JSON.parse(await running.firstLine((line) => line.startsWith('{'), READY_LIMIT_MS)) as Ready;
  };
  t.after(() => running.stop());
  const { control, ...addresses } = await start();
  const get = async <T>(path: string) => (await (await fetch(`http://${control}${path}`)).json()) as T;
  const calls = () => get<CallRecord[]>('/calls');
  const inspect = (name: string) =>
    get<{ contracts: string[]; connected: string[] }>(`/participant?participant=${name}&contracts=ids`);
  return {
    addresses,
    calls,
    ledgers: async () => {
      const [source, target] = await Promise.all([inspect('source'), inspect('target')]);
      return {
        contracts: { source: source.contracts.sort(), target: target.contracts.sort() },
        connected: { source: source.connected, target: target.connected },
      };
    },
    kill: async () => {
      const received = await calls();
      await kill(running);
      return received;
    },
    restart: async () => void (await start()),
  };
}
