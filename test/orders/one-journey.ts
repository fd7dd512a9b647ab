import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import type { Activities } from '../../activities/index.js';
import { movedParties } from '../../model/plan.js';
import type { ReportedFailure } from '../../model/report.js';
import type { CallRecord, ParticipantView, ScenarioChange } from '../../sandbox/index.js';
import { reportedFailure } from '../../workflows/steering/outcome.js';
import { KINDS } from '../support/breaking.js';
import { signHostings } from '../support/hostings.js';
import { EVERY_KIND } from '../support/kinds.js';
import { runTraffic } from '../support/ledger-traffic.js';
import { sortedContracts } from '../support/live.js';
import { onVersion, versionOfTurn } from '../support/protocol-version.js';
import { quickly } from '../support/quick-attempts.js';
import { pick, seeded, type Random } from '../support/random.js';
import type { Step } from '../../workflows/routes/route.js';
import type { Guard } from './guards.js';
import {
  type Migrating,
  PROMPT_LIVE,
  applyStep,
  applyUpTo,
  begun,
  liveOf,
  startLiveMigrating,
  stepsIn,
  undoAll,
  unhurried,
} from '../support/route-steps.js';
import { strikeBefore } from '../support/striking.js';
import { LIVE_REQUEST, type Stack, callsOf, startStack } from '../support/stack.js';
import { itemsOf } from '../support/plan-parties.js';

/** Whoever waits for what never comes is ended. */
const CALL_LIMIT_MS = 5_000;
const DOWN_MS = 20;
const BACK_LIMIT_MS = 20_000;
const MOST_MOVES = 200;
const MOST_ABORTS = 2;
const MOST_LATE_CALLS = 5;
/** A step takes a few hundred milliseconds. */
const LATEST_MS = 400;

export interface Journey {
  /** What happened, in order. */
  moves: string[];
  end: 'served' | 'left isolated';
}

/** A target was destroyed by our hand, or passed off as sound, or a contract is lost. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/**
 * One randomized schedule of the live route on a sandbox under load: steps broken at any call, repeated, and run by superseded
 * attempts; participants that die; aborts and second attempts; someone outside the migration who connects the target, and an
 * operator who restores its backup. Protocol version 34 for even seeds, else 35.
 *
 * Fails with a {@link Violation} if the target is destroyed by anybody else than that one, if a step goes on with a
 * destroyed target, and if the nodes differ in the end.
 */
export async function travel(
  t: Pick<TestContext, 'after'>,
  seed: number,
  { without, isMixed = false }: { without?: Guard | undefined; isMixed?: boolean } = {},
): Promise<Journey> {
  const scenario = isMixed ? MIXED : SCENARIO;
  const stack = await startStack(t, { ...scenario, ...onVersion(versionOfTurn(seed)) });
  const journey = new Traveller(stack, seeded(seed), await methods(scenario), without);
  try {
    return await journey.toTheEnd();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    error.message += `\nseed ${seed}:\n${journey.moves.map((its) => `  ${its}`).join('\n')}`;
    throw error;
  } finally {
    await journey.rest();
  }
}

const SCENARIO = {
  ...PROMPT_LIVE,
  // What is proposed is on its way for a while.
  timing: { ...PROMPT_LIVE.timing, outboxMs: 30, topologyChangeMs: 40 },
  localState: { users: 0, identityProviders: 0, annotatedParties: 0 },
  contracts: { count: 12, sharedWithForeign: 0 },
};

/** With parties that others sign for, too. */
const { parties, contracts } = EVERY_KIND;
const MIXED = { ...SCENARIO, parties: { ...parties, local: 3 }, contracts };

type Method = Pick<CallRecord, 'participant' | 'method' | 'isMutating'>;
/** By step, and of an abort. */
type Methods = ReadonlyMap<string, Method[]>;
const ABORT = 'abort';

const knownMethods = new Map<ScenarioChange, Promise<Methods>>();

/** What each step calls when nothing goes wrong: any of these may break. */
function methods(scenario: ScenarioChange): Promise<Methods> {
  const known = knownMethods.get(scenario) ?? findMethods(scenario);
  knownMethods.set(scenario, known);
  return known;
}

async function findMethods(scenario: ScenarioChange): Promise<Methods> {
  const endings: (() => unknown)[] = [];
  const stack = await startStack({ after: (end: () => unknown) => void endings.push(end) }, scenario);
  try {
    const found = new Map<string, Method[]>();
    const note = async (name: string, work: () => Promise<unknown>) => {
      const calls = await callsOf(stack, work);
      const byName = new Map(calls.map((its) => [`${its.participant} ${its.method}`, its]));
      found.set(name, [...byName.values()]);
    };
    const taken = await startLiveMigrating(stack);
    await signHostings(taken);
    await applyUpTo(taken, stepsIn(taken).find(({ gate }) => gate === 'switch')!.name);
    await note(ABORT, () => undoAll(taken));
    const migrating = await startLiveMigrating(stack);
    await signHostings(migrating);
    for (const { name } of stepsIn(migrating)) await note(name, () => applyStep(migrating, name));
    return found;
  } finally {
    for (const end of endings) await end();
  }
}

class Traveller {
  readonly moves: string[] = [];
  private migrating!: Migrating;
  /** Index of the step that comes next. */
  private at = 0;
  private aborts = 0;
  private backup: string | undefined;
  private isConnectedByOther = false;
  /** Whether the short moments of this journey were met. */
  private isStruck = false;
  /** What was last asked of each activity, in this migration or an earlier one. */
  private readonly asked = new Map<string, () => Promise<unknown>>();
  private readonly late: Promise<unknown>[] = [];
  private isBusy = true;
  private traffic: Promise<void>;
  private deals = 0;
  private isGivenUp = false;
  private hasFailed = false;

  constructor(
    private readonly stack: Stack,
    private readonly random: Random,
    private readonly methods: Methods,
    private readonly without: Guard | undefined,
  ) {
    this.traffic = this.trade();
  }

  async toTheEnd(): Promise<Journey> {
    await this.begin();
    while (this.at < this.steps.length) {
      if (this.moves.length > MOST_MOVES) throw new Error('it did not come to its end');
      if (await this.move()) return this.ended('left isolated');
      this.assertSound();
    }
    await this.rest();
    this.assertServed();
    return this.ended('served');
  }

  /** Ends the load and whoever is late. */
  async rest(): Promise<void> {
    this.isBusy = false;
    await this.traffic;
    await Promise.allSettled(this.late);
  }

  private ended(end: Journey['end']): Journey {
    return { moves: this.moves, end };
  }

  private get steps(): Step<never>[] {
    return stepsIn(this.migrating);
  }

  private get step(): Step<never> {
    return this.steps[this.at]!;
  }

  private get source(): ParticipantView {
    return this.stack.sandbox.participants.source;
  }

  private get target(): ParticipantView {
    return this.stack.sandbox.participants.target;
  }

  /** Whether the first step of which something is declared was not taken yet. */
  private isBefore(isIt: (step: Step<never>) => unknown): boolean {
    return this.at <= this.steps.findIndex(isIt);
  }

  /** Whether the target is to become a host, or is one, and is not connected as such yet. */
  private isInWindow(): boolean {
    const begin = this.steps.findIndex(({ gate }) => gate === 'target-backup');
    return this.at >= begin && this.isBefore(({ isProof }) => isProof);
  }

  /** A new migration, by workers whose every call is kept. */
  private async begin(): Promise<void> {
    if (!this.isBusy) {
      this.isBusy = true;
      this.traffic = this.trade();
    }
    const activities = { ...this.stack.activities, ...this.without?.removed(this.stack) };
    const late = quickly(activities, {
      areSuperseded: this.without?.isFencing !== true,
      limitMs: CALL_LIMIT_MS,
    });
    const { readPlan } = quickly(activities);
    // Nothing strikes a plan, but on a busy machine it takes longer than that limit.
    const current = { ...quickly(activities, { limitMs: CALL_LIMIT_MS }), readPlan };
    const recorded = Object.entries(current).map(([name, run]) => [
      name,
      (input: never) => {
        this.asked.set(name, () => late[name as keyof Activities](input));
        return run(input);
      },
    ]);
    const act = Object.fromEntries(recorded) as Activities;
    // Not the quick activities of a stack: these are recorded, and may lack a guard.
    this.migrating = begun({ ...this.stack, act }, unhurried(await act.readPlan(LIVE_REQUEST)));
    await signHostings(this.migrating);
    this.at = 0;
    this.backup = undefined;
    this.hasFailed = false;
    this.isGivenUp = false;
  }

  /** One thing that happens. Returns whether the migration is over without having ended. */
  private async move(): Promise<boolean> {
    if (this.isGivenUp) return this.abort();
    if (!this.isStruck && this.isInWindow() && this.random(2) === 0) return this.strike();
    if (this.hasFailed && this.random(5) === 0) return this.abort();
    const chance = this.random(100);
    if (chance < 53) await this.go(this.fault());
    else if (chance < 75) await this.go();
    else if (chance < 80) await this.repeat();
    else if (chance < 85) await this.restart(this.random(2) === 0 ? this.source : this.target);
    else if (chance < 92) this.connectFromOutside();
    else if (chance < 96) await this.restoreNeedlessly();
    else return this.abort();
    return false;
  }

  /**
   * Once in the window, what no chance meets: right before a call of the next step somebody connects the target for as long
   * as the call takes to arrive, or the answer to a change is lost and the abort follows before the change has its effect.
   */
  private async strike(): Promise<boolean> {
    this.isStruck = true;
    const known = this.methods.get(this.step.name)!;
    if (!this.isConnectedByOther && this.random(2) === 0) {
      const { participant, method } = pick(known, this.random);
      this.isConnectedByOther = true;
      const strike = strikeBefore(
        this.stack.sandbox,
        (call) => call.participant === participant && call.method === method,
        () => this.connectByHand(true).catch(() => undefined),
      );
      await this.go(`connected from outside before ${participant} ${method}`);
      strike.end();
      return false;
    }
    const changes = known.filter(({ isMutating }) => isMutating);
    if (changes.length === 0) return false;
    const { participant, method } = pick(changes, this.random);
    const skip = this.random(3);
    this.stack.sandbox.faults.dropReply(method, { participant, skip });
    await this.go(`the last answer of ${participant} ${method} after ${skip} others`);
    return this.hasFailed ? this.abort() : false;
  }

  /** Runs the next step, as often as its turn comes. */
  private async go(fault = 'as it should'): Promise<void> {
    const { step } = this;
    if (step.gate === 'switch') await this.stopTrading();
    if (this.random(3) === 0) this.beLate();
    const wasDestroyed = this.target.isDamaged();
    const failure = await this.run(step);
    this.moves.push(`${step.name}, ${fault}: ${told(failure)}`);
    this.hasFailed = failure !== undefined;
    // The import refuses what a destroyed target has ended, but does not say what to do.
    if (failure && wasDestroyed && failure.kind !== 'transient' && failure.type !== 'TargetExposed')
      throw new Violation(`${step.name} does not say that the target is destroyed: ${told(failure)}`);
    if (failure) return this.react(failure);
    if (wasDestroyed) throw new Violation(`${step.name} went on with a target that is destroyed`);
    this.at += 1;
    if (this.steps[this.at]?.gate === 'target-backup') this.backup = this.target.backup();
  }

  /** Runs the last step once more: it was done, and nobody lived to say so. */
  private async repeat(): Promise<void> {
    const last = this.steps[this.at - 1];
    if (last === undefined) return;
    const failure = await this.run(last);
    this.moves.push(`${last.name} again: ${told(failure)}`);
    if (failure) await this.react(failure);
  }

  private async run({ name }: Step<never>): Promise<ReportedFailure | undefined> {
    try {
      await applyStep(this.migrating, name);
      return undefined;
    } catch (error) {
      return failureOf(error);
    } finally {
      this.stack.sandbox.faults.clear();
      await this.comeBack();
    }
  }

  /** What an operator does when a migration stops. */
  private async react({ type }: ReportedFailure): Promise<void> {
    if (type === 'SignatureOutdated') await signHostings(this.migrating);
    if (type === 'NotVerified') this.migrating.migration.repairBy = 'test';
    if (type !== 'TargetExposed') return;
    this.isGivenUp = this.backup === undefined || this.random(3) === 0;
    if (this.isGivenUp) return;
    await this.target.restore(this.backup!);
    this.moves.push('the backup is restored');
  }

  /** Arms one fault at some call of the next step. */
  private fault(during = this.step.name): string {
    const known = this.methods.get(during)!;
    if (known.length === 0) return 'as it should';
    const { participant, method } = pick(known, this.random);
    const skip = this.random(3);
    const { faults } = this.stack.sandbox;
    if (this.random(3) > 0) {
      const kind = pick(KINDS, this.random);
      faults[kind](method, { participant, skip });
      return `${kind} ${participant} ${method} after ${skip} others`;
    }
    const at = pick(['before', 'after'] as const, this.random);
    faults.crash(participant, { at, method, skip, restartAfterMs: DOWN_MS });
    return `${participant} dies ${at} ${method} after ${skip} others`;
  }

  /** Superseded attempts wake during the next step, and go on with what they were asked. */
  private beLate(): void {
    const names = [...this.asked.keys()];
    for (let calls = this.random(MOST_LATE_CALLS); calls > 0 && names.length > 0; calls--) {
      const name = pick(names, this.random);
      const again = this.asked.get(name)!;
      this.moves.push(`a superseded attempt wakes in ${name}`);
      const late = delay(this.random(LATEST_MS)).then(again);
      this.late.push(late.catch(() => undefined));
    }
  }

  private async restart(view: ParticipantView): Promise<void> {
    this.moves.push(`${view.name} restarts`);
    await view.restart();
    await this.comeBack();
  }

  /** Once, somebody connects the target by hand during the next step, or has it connected for a while. */
  private connectFromOutside(): void {
    if (this.isConnectedByOther || this.isBefore(isTransferring) || !this.isBefore(isFinal)) return;
    this.isConnectedByOther = true;
    this.moves.push('someone outside the migration connects the target');
    const isLeaving = this.random(2) === 0;
    this.late.push(
      delay(this.random(LATEST_MS))
        .then(() => this.connectByHand(isLeaving))
        .catch(() => undefined),
    );
  }

  private async connectByHand(isLeaving: boolean): Promise<void> {
    const { synchronizers } = this.stack.participants.get('target')!;
    const { alias } = this.migrating.planned.plan.target.synchronizer;
    await synchronizers.reconnect(alias);
    // Until there is load that it has processed, or cannot.
    await this.trading();
    if (isLeaving) await synchronizers.disconnect(alias);
  }

  /** Somebody restores the backup although nothing is wrong; afterwards the target is as at the gate. */
  private async restoreNeedlessly(): Promise<void> {
    const isUnmet =
      this.isBefore(({ needsProof }) => needsProof) && this.target.connected().length === 0;
    if (this.backup === undefined || this.isConnectedByOther || !isUnmet) return;
    this.moves.push('the backup is restored for nothing');
    await this.target.restore(this.backup);
  }

  private async abort(): Promise<boolean> {
    if (!this.isBefore(isFinal) || this.at === 0) return false;
    if (this.aborts++ >= MOST_ABORTS && !this.isGivenUp) return false;
    for (let attempt = 1; ; attempt++) {
      const fault = attempt <= 3 ? this.fault(ABORT) : 'as it should';
      const failure = await undoAll(this.migrating).then(() => undefined, failureOf);
      this.stack.sandbox.faults.clear();
      await this.comeBack();
      this.moves.push(`abort, ${fault}: ${told(failure)}`);
      if (failure === undefined) break;
      if (attempt > 12) throw new Violation('an abort does not come to its end');
    }
    const { leftIsolated } = liveOf(this.migrating.migration);
    if (leftIsolated !== undefined) {
      if (!this.isConnectedByOther) throw new Violation(`nobody connected the target: ${leftIsolated}`);
      return true;
    }
    if (this.target.isDamaged()) throw new Violation('an abort gives a destroyed target back as sound');
    await this.begin();
    return false;
  }

  private assertSound(): void {
    const { source, target } = this;
    if (source.isDamaged()) throw new Violation('the source is destroyed');
    if (target.isDamaged() && !this.isConnectedByOther)
      throw new Violation(`the target is destroyed: ${JSON.stringify(target.damage()[0])}`);
  }

  private assertServed(): void {
    const { source, target } = this;
    if (target.isDamaged()) throw new Violation('the target that serves is destroyed');
    for (const party of itemsOf(movedParties(this.migrating.planned.plan)))
      for (const view of [source, target]) {
        const hosts = view.hosts(party);
        if (!hosts.includes(target.uid) || hosts.includes(source.uid))
          throw new Violation(`${party} is not on the target`);
      }
    try {
      assert.deepEqual(sortedContracts(target), sortedContracts(source));
    } catch (error) {
      throw new Violation('the contracts differ', { cause: error });
    }
  }

  /**
   * What was killed is back, and our channels know it: they wait before they look again. A node that ended by itself, as
   * after a second failure of its connect-and-repair queue, is started again as by whatever supervises its process.
   */
  private async comeBack(): Promise<void> {
    for (const view of [this.source, this.target])
      if (view.participant.lastDeath !== undefined && !view.isUp) await view.restart();
    const limit = Date.now() + BACK_LIMIT_MS;
    for (const { name, health } of this.stack.participants.values()) {
      const answers = () =>
        health.readStatus().then(
          () => true,
          () => false,
        );
      while (!(await answers())) {
        if (Date.now() > limit) throw new Error(`${name} did not come back`);
        await delay(20);
      }
    }
  }

  private async stopTrading(): Promise<void> {
    this.isBusy = false;
    await this.traffic;
  }

  /** Applications: they use the source throughout, and the target as soon as it serves. */
  private async trade(): Promise<void> {
    const namespace = this.source.uid.split('::')[1]!;
    const isOurs = ({
      party,
      participants: [host, ...others],
    }: ReturnType<typeof this.source.parties>[number]) =>
      party.endsWith(namespace) && host?.participant_uid === this.source.uid && others.length === 0;
    const ours = this.source
      .parties()
      .filter(isOurs)
      .map(({ party }) => party);
    while (this.isBusy) {
      for (const view of [this.source, this.target])
        if (view.isUp && view.connected().length > 0)
          await runTraffic(view, ours, 3).catch(() => undefined);
      this.deals += 1;
      await delay(5);
    }
  }

  private async trading(): Promise<void> {
    const enough = this.deals + 6;
    while (this.isBusy && this.deals < enough) await delay(5);
  }
}

const isTransferring = ({ phase }: Step<never>) => phase === 'transfer-active-contracts';
const isFinal = ({ isPointOfNoReturn }: Step<never>) => isPointOfNoReturn;

function failureOf(error: unknown): ReportedFailure {
  const failure = reportedFailure('transfer-active-contracts', error);
  if (!failure) throw error;
  return failure;
}

function told(failure: ReportedFailure | undefined): string {
  return failure ? `${failure.type}: ${failure.message}` : 'done';
}
