import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';

import { MigrationClient } from '../../client/index.js';
import type { LoadReport } from '../../loadtest/report.js';
import { SEARCH_ATTRIBUTES } from '../../model/steering.js';
import { QUICK_TIMING, type Addresses, type CallRecord, type Fault } from '../../sandbox/index.js';
import { nodeArguments } from '../../tools/package-root.js';
import { freePorts } from '../../tools/free-port.js';
import { removeAtEnd, startProcess, type OwnedProcess } from '../../tools/processes.js';
import { startTemporalServer, type TemporalServer } from '../../tools/temporal-server.js';
import { onVersion, versionOfTurn } from '../support/protocol-version.js';

const READY_LIMIT_MS = 60_000;
/** How long a killed process stays away. */
const AWAY_MS = 1_000;
const WORKERS = ['one', 'other'] as const;
/** Clients find out what became of their last commands, also on a node that is away just now. */
const LOAD_END_LIMIT_MS = 90_000;

/** A connection of its own: one that was idle for some seconds may be closed just when it is used again. */
const ONCE = { headers: { connection: 'close' } };

export type Route = 'new-synchronizer' | 'live';

/** Everything one run needs, each part a process that can be killed and comes back from what is on disk. */
export class ChaosStack {
  readonly folder = mkdtempSync(join(tmpdir(), 'canton-migrate-chaos-'));
  readonly taskQueue = `chaos-${randomUUID()}`;
  private temporalServer: TemporalServer | undefined;
  private sandbox: OwnedProcess | undefined;
  private readonly workers = new Map<string, OwnedProcess>();
  private port = 0;
  private hookPort = 0;
  private load: OwnedProcess | undefined;
  private control = '';
  private connection: Connection | undefined;
  private isStopping = false;
  /** Calls of sandbox processes that were killed. */
  private readonly earlierCalls: CallRecord[] = [];
  addresses!: Addresses;
  client!: MigrationClient;
  temporal!: Client;

  constructor(private readonly its: { contracts: number; route: Route; seed: number }) {
    removeAtEnd(this.folder);
  }

  async start(): Promise<void> {
    [this.port = 0, this.hookPort = 0] = await freePorts(2);
    const { contracts: count, seed } = this.its;
    const isLive = this.its.route === 'live';
    const scenario = {
      seed: randomUUID(),
      // Import calls take their time, so that a moment may hit one.
      timing: {
        ...QUICK_TIMING,
        importCallMs: 300,
        exportMicrosPerContract: 200,
        ...(isLive && { submissionMs: 10, onboardingMs: 2_000, reconciliationMs: 1_000 }),
      },
      contracts: { count },
      ...onVersion(versionOfTurn(seed)),
      ...(isLive && { target: { synchronizers: ['source'] } }),
    };
    writeFileSync(join(this.folder, 'scenario.json'), JSON.stringify(scenario));
    await Promise.all([this.startTemporal(), this.startSandbox()]);
    this.connection = await Connection.connect({ address: `127.0.0.1:${this.port}` });
    this.temporal = new Client({ connection: this.connection });
    this.client = MigrationClient.over(this.temporal, { taskQueue: this.taskQueue });
    await Promise.all(WORKERS.map((name) => this.startWorker(name)));
    if (isLive) await this.startLoad();
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await this.connection?.close();
    await this.load?.stop();
    for (const worker of this.workers.values()) await worker.stop();
    await this.sandbox?.stop();
    await this.temporalServer?.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }

  /** Process ids of the workers that run. */
  get workerPids(): number[] {
    return [...this.workers.values()].map(({ pid }) => pid);
  }

  /** Kills a worker; it is started again a moment later. */
  async killWorker(pid: number): Promise<void> {
    const [name, worker] = [...this.workers].find(([, its]) => its.pid === pid) ?? [];
    if (name === undefined || !worker) throw new Error(`no worker has process id ${pid}`);
    process.kill(pid, 'SIGKILL');
    await worker.exited;
    await setTimeout(AWAY_MS);
    if (!this.isStopping) await this.startWorker(name);
  }

  /** Kills the server; it comes back on the same port with the same database. */
  async killTemporal(): Promise<void> {
    const server = this.temporalServer!;
    process.kill(server.pid, 'SIGKILL');
    await server.exited;
    await setTimeout(AWAY_MS);
    if (!this.isStopping) await this.startTemporal();
  }

  /** Kills both participants and their synchronizers; they come back from their state. */
  async killSandbox(): Promise<void> {
    this.earlierCalls.push(...(await this.receivedCalls()));
    process.kill(this.sandbox!.pid, 'SIGKILL');
    await this.sandbox!.exited;
    await setTimeout(AWAY_MS);
    if (!this.isStopping) await this.startSandbox();
  }

  /** Ends one participant as a kill does; it comes back by itself. */
  async crash(participant: 'source' | 'target'): Promise<void> {
    await this.post(`/crash?participant=${participant}&restartAfterMs=${AWAY_MS}`);
  }

  async setSynchronizerUp(isUp: boolean): Promise<void> {
    for (const role of ['source', 'target'])
      await this.post(`/synchronizer?synchronizer=${role}&up=${isUp}`);
  }

  async arm(fault: Fault): Promise<void> {
    await this.post('/faults', fault);
  }

  async churn(count: number): Promise<void> {
    await this.post(`/ledger/churn?participant=source&create=${count}&archive=${count}`);
  }

  /** Ends the clients, who compare what they know with the node that serves. */
  async finishLoad(): Promise<LoadReport> {
    process.kill(this.load!.pid, 'SIGINT');
    const line = await this.load!.firstLine((its) => its.startsWith('{"report"'), LOAD_END_LIMIT_MS);
    return (JSON.parse(line) as { report: LoadReport }).report;
  }

  /** Everything that reached the participants since the start, oldest first. */
  async calls(): Promise<CallRecord[]> {
    return [...this.earlierCalls, ...(await this.receivedCalls())];
  }

  /** What reached the participants after the call of this order, while nobody killed them. */
  callsAfter(order: number): Promise<CallRecord[]> {
    return this.get(`/calls?after=${order}`);
  }

  async inspect(
    participant: 'source' | 'target',
  ): Promise<{ contracts: string[]; connected: string[]; isUp: boolean; damage: string[] }> {
    return this.get(`/participant?participant=${participant}&contracts=ids`);
  }

  private receivedCalls(): Promise<CallRecord[]> {
    return this.get<CallRecord[]>('/calls');
  }

  private async get<T>(path: string): Promise<T> {
    return (await (await fetch(`http://${this.control}${path}`, ONCE)).json()) as T;
  }

  private async post(path: string, body?: object): Promise<void> {
    const answer = await fetch(`http://${this.control}${path}`, {
      ...ONCE,
      method: 'POST',
      ...(body && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  }

  private async startTemporal(): Promise<void> {
    this.temporalServer = await startTemporalServer({
      port: this.port,
      ui: 'none',
      dbFilename: join(this.folder, 'temporal.db'),
      searchAttributes: Object.values(SEARCH_ATTRIBUTES),
    });
  }

  private async startSandbox(): Promise<void> {
    const files = [
      '--scenario',
      join(this.folder, 'scenario.json'),
      '--state',
      join(this.folder, 'state'),
    ];
    const args = [...nodeArguments('sandbox/main'), ...files, '--json'];
    this.sandbox = startProcess('the sandbox', process.execPath, args);
    const line = await this.sandbox.firstLine((its) => its.startsWith('{'), READY_LIMIT_MS);
    const { control, ...addresses } = JSON.parse(line) as Addresses & { control: string };
    this.control = control;
    this.addresses = addresses;
  }

  /** Clients that use the source until the hook moves them. */
  private async startLoad(): Promise<void> {
    const file = join(this.folder, `${WORKERS[0]}.json`);
    const nodes = ['--config', file, '--source', 'source', '--target', 'target'];
    const load = ['--rate', '12', '--clients', '3', '--hook-port', `${this.hookPort}`, '--json'];
    this.load = startProcess('the load', process.execPath, [
      ...nodeArguments('client/cli'),
      'loadtest',
      ...nodes,
      ...load,
    ]);
    await this.load.firstLine((line) => line.startsWith('{"started"'), READY_LIMIT_MS);
  }

  private async startWorker(name: string): Promise<void> {
    const file = join(this.folder, `${name}.json`);
    const channels = ({ admin, ledger }: Addresses['source']) => ({
      admin: { address: admin },
      ledger: { address: ledger },
    });
    const participants = {
      source: channels(this.addresses.source),
      target: channels(this.addresses.target),
    };
    const spool = join(this.folder, `spool-${name}`);
    const spoolKey = randomBytes(32).toString('hex');
    const { taskQueue } = this;
    const switchHook = { url: `http://127.0.0.1:${this.hookPort}/switch` };
    const configuration = { participants, taskQueue, spool, spoolKey, logLevel: 'error' };
    writeFileSync(
      file,
      JSON.stringify({ ...configuration, ...(this.its.route === 'live' && { switchHook }) }),
    );
    const env = {
      ...process.env,
      TEMPORAL_ADDRESS: `127.0.0.1:${this.port}`,
      TEMPORAL_NAMESPACE: 'default',
    };
    const args = [...nodeArguments('worker/main'), '--config', file];
    for (;;) {
      const worker = startProcess(`worker ${name}`, process.execPath, args, { env });
      this.workers.set(name, worker);
      try {
        await worker.firstLine((line) => line.startsWith('worker ready'), READY_LIMIT_MS);
        return;
      } catch (error) {
        // As a supervisor does: Temporal may be away just now.
        await worker.stop();
        if (this.isStopping) return;
        if (!(error as Error).message.includes('does not answer')) throw error;
      }
    }
  }
}
