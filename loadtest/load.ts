import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

import { CantonError } from '../canton/errors.js';
import { LoadClient, type LoadParts } from './client.js';
import { compare, isEqual, type Comparison } from './compare.js';
import { Figures } from './figures.js';
import { ContractModel } from './model.js';
import type { LoadNode } from './node.js';
import { Random } from './random.js';
import type { LoadReport } from './report.js';
import { Serving } from './serving.js';

/** How long clients go on with the command that they have when the load test ends. */
const LAST_COMMAND_MS = 60_000;
/** For a node that is still catching up with what clients were told elsewhere. */
const CATCH_UP_MS = 30_000;
const CATCH_UP_POLL_MS = 500;

export interface LoadOptions {
  source: LoadNode;
  target?: LoadNode;
  parties: string[];
  clients: number;
  /** Commands per second, of all clients together. */
  rate: number;
  seed: number;
}

/** Clients that use a ledger while it is migrated, and what they know of it. */
export class Load {
  readonly run = `loadtest-${randomBytes(4).toString('hex')}`;
  readonly serving: Serving;
  private readonly figures = new Figures();
  private readonly model: ContractModel;
  private readonly stopping = new AbortController();
  private readonly patience = new AbortController();
  private readonly parts: LoadParts;
  private startedAt = Date.now();
  private endedAt: number | undefined;
  private clients: Promise<unknown> = Promise.resolve();
  private comparison: Comparison | undefined;

  constructor(private readonly options: LoadOptions) {
    this.serving = new Serving(options.source, options.target);
    this.model = new ContractModel(options.parties);
    this.parts = {
      run: this.run,
      parties: options.parties,
      model: this.model,
      serving: this.serving,
      figures: this.figures,
      open: [],
      partial: new Set(),
      stop: this.stopping.signal,
      patience: this.patience.signal,
    };
  }

  get parties(): string[] {
    return this.options.parties;
  }

  /** Reads what is there and starts the clients. Fails if the source cannot be read. */
  async start(): Promise<void> {
    const { source, target, parties, clients, rate, seed } = this.options;
    // Where it cannot be read, nothing is looked up later.
    await target?.readFloor().catch(() => undefined);
    for await (const contract of source.commands.scanActiveContracts(parties)) this.model.add(contract);
    const intervalMs = (clients / rate) * 1_000;
    this.startedAt = Date.now();
    const running = Array.from({ length: clients }, (_, index) =>
      new LoadClient(index, new Random(seed + index), this.parts).run(
        intervalMs,
        this.startedAt + (index * intervalMs) / clients,
      ),
    );
    this.clients = Promise.all(running);
    this.clients.catch(() => this.stopping.abort());
  }

  /** Moves the clients to the target and marks the moment. Repeating it changes nothing. */
  async switchToTarget(): Promise<void> {
    if (this.serving.current !== this.serving.target) this.mark('switch');
    await this.serving.switchToTarget();
  }

  /** Marks an event: the report has the longest pause around it. */
  mark(name: string): boolean {
    return this.figures.pauses.mark(name, Date.now());
  }

  /** Ends the clients, finds out what is unknown and compares what they know with the node that serves. */
  async stop(): Promise<LoadReport> {
    this.stopping.abort();
    const timer = setTimeout(() => this.patience.abort(), LAST_COMMAND_MS);
    try {
      await this.clients;
    } finally {
      clearTimeout(timer);
    }
    this.endedAt = Date.now();
    await this.settle();
    this.comparison = await this.compared();
    return this.report();
  }

  report(): LoadReport {
    const { options, figures, serving } = this;
    const now = this.endedAt ?? Date.now();
    const seconds = (now - this.startedAt) / 1_000;
    return {
      run: this.run,
      seed: options.seed,
      clients: options.clients,
      startedAt: new Date(this.startedAt).toISOString(),
      seconds,
      parties: options.parties,
      serving: serving.current.name,
      moves: serving.moves.map((move) => ({ ...move, at: new Date(move.at).toISOString() })),
      commands: { ...figures.commands, total: figures.committed },
      perSecond: seconds > 0 ? figures.committed / seconds : 0,
      retries: Object.fromEntries(figures.retries),
      resolvedCount: figures.resolved,
      failureCount: figures.failed,
      failures: Object.fromEntries(figures.failures),
      namedFailures: figures.namedFailures,
      contractCount: this.model.size,
      pauses: this.pausesAt(now),
      ...(this.comparison && { comparison: this.comparison }),
    };
  }

  private pausesAt(now: number): LoadReport['pauses'] {
    const { marks, ...longest } = this.figures.pauses.read(now);
    return { ...longest, marks: marks.map((one) => ({ ...one, at: new Date(one.at).toISOString() })) };
  }

  /** What a client gave up may have been done after all: then it belongs to the model. */
  private async settle(): Promise<void> {
    const limit = AbortSignal.timeout(LAST_COMMAND_MS);
    for (const attempts of this.parts.open) {
      // Without an answer even now it stays a failure, and shows in the comparison if it was done.
      const committed = await attempts.decide(limit).catch(() => undefined);
      if (committed) this.model.commit(committed);
    }
  }

  /** Adds what only the node that serves shows of transactions that the other one got. */
  private async complete(): Promise<void> {
    for (const updateId of this.parts.partial) {
      const whole = await this.serving.current.findUpdate(updateId);
      if (!whole) continue;
      this.model.commit(whole);
      this.parts.partial.delete(updateId);
    }
  }

  private async compared(): Promise<Comparison> {
    const node = this.serving.current;
    const { parties } = this.options;
    const { run, model } = this;
    const { expected } = model;
    const known = { run, parties, expected, isCommitted: (note: string) => model.hasNote(note) };
    // A node knows at once what it answered itself; only the other one's commands come later.
    const isCatchingUp = this.serving.moves.length > 0;
    for (const until = Date.now() + CATCH_UP_MS; ; await wait(CATCH_UP_POLL_MS)) {
      const isLast = Date.now() > until;
      try {
        await this.complete();
        const found = await compare(node.name, known, node.commands.scanActiveContracts(parties));
        if (isEqual(found) || !isCatchingUp || isLast) return found;
      } catch (error) {
        // A read that breaks off proves nothing, and says nothing about the contracts either.
        if (isLast || !(error instanceof CantonError) || error.kind !== 'transient') throw error;
      }
    }
  }
}
