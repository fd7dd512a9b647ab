import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import type { Client } from '@temporalio/client';

import type {
  HandedIn,
  ProvideSignatureInput,
  ProvideSignaturesInput,
  SignaturesTaken,
} from '../model/ceremony.js';
import type { Parked } from '../model/source-watch.js';
import type { Gate } from '../model/phase.js';
import type { NodeLeft, NodesToLookAt } from '../model/left-on-nodes.js';
import { isStored } from '../model/listed.js';
import {
  migrationId,
  movedParties,
  type HashedPlan,
  type MigrationPlan,
  type WithParties,
} from '../model/plan.js';
import type { AbortPreview, MigrationReport } from '../model/report.js';
import type { MigrationRequest } from '../model/request.js';
import {
  ABORT_UPDATE,
  APPROVE_UPDATE,
  CLOSE_UPDATE,
  LOOK_WORKFLOW,
  PARK_UPDATE,
  PARK_WORKFLOW,
  PAUSE_UPDATE,
  PROVIDE_SIGNATURE_UPDATE,
  PROVIDE_SIGNATURES_UPDATE,
  REPAIR_UPDATE,
  RESUME_UPDATE,
  RETUNE_UPDATE,
  TASK_QUEUE,
  type ApproveInput,
  type CloseInput,
  type ParkRequest,
  type RecoverRequest,
  type RetuneInput,
  type SteerInput,
  type Tuning,
} from '../model/steering.js';
import { movedEverything, partiesSince, requestReverse, type ReverseOptions } from './reverse.js';
import { connectToTemporal } from './connection.js';
import { keysOf } from './payload-keys.js';
import { MigrationError, NoWorkerError, toMigrationError } from './errors.js';
import {
  readOutcome,
  requireNoClaim,
  requireNoneOpen,
  requireRunning,
  requireTargetFree,
  startMigration,
} from './executions.js';
import { requireFilledIn } from './filled-in.js';
import { findMigration } from './find.js';
import { findLeftBehind, requireNothingLost, startRecovery } from './left-behind.js';
import { listMigrations } from './list.js';
import { sendUpdate } from './send-update.js';
import { readReport } from './reports.js';
import type { LeftBehind, MigrationList, ReportWish, WrittenReport } from './answers.js';
import { resolved, type ToSign } from './lines-to-sign.js';
import {
  UPDATE_LIMIT_MS,
  askAbortPreview,
  findWorker,
  readPlan,
  readSignatures,
  readSnapshot,
  readStatus,
  readTaskQueue,
  readTuning,
} from './observe.js';
import { requireFree, requireStartable, requireValid, runPlan } from './planning.js';
import { runWorkflow } from './run-workflow.js';
import type { ListStore } from '../storage/list-store.js';
import { openLists } from '../storage/open.js';
import { openListsAt } from './list-place.js';
import { defaultListFolder } from '../storage/places.js';
import type { MigrationSnapshot } from './snapshot.js';
import { takenTogether } from './taken-together.js';
import { watchMigration } from './watch.js';

export * from './errors.js';
export type { Execution, MigrationSnapshot, PendingStep } from './snapshot.js';
export type {
  HandedIn,
  ProvideSignatureInput,
  SignaturesTaken,
  SignatureToProvide,
} from '../model/ceremony.js';
export type { ToSign } from './lines-to-sign.js';
export type {
  LeftBehind,
  ListedMigration,
  MigrationList,
  ReportWish,
  WrittenReport,
} from './answers.js';
export type { ReverseOptions } from './reverse.js';
export type { Parked } from '../model/source-watch.js';
export type { HashedPlan, MigrationPlan } from '../model/plan.js';
export type { AbortPreview, MigrationReport } from '../model/report.js';
export type { MigrationRequest } from '../model/request.js';
export type {
  ApproveInput,
  CloseInput,
  MigrationStatus,
  ParkRequest,
  RetuneInput,
  SteerInput,
  Tuning,
} from '../model/steering.js';

/** The check of a hundred thousand signatures takes a minute; a worker may have to come back first. */
const CHECK_LIMIT_MS = 15 * 60_000;
const TURN_POLL_MS = 500;

/** Plans, starts, watches and steers migrations. Every failure that has a name is a {@link MigrationError}. */
export class MigrationClient {
  private readonly taskQueue: string;
  private readonly lists: ListStore;

  private constructor(
    private readonly temporal: Client,
    options: { taskQueue?: string; lists?: ListStore },
  ) {
    this.taskQueue = options.taskQueue ?? TASK_QUEUE;
    this.lists = options.lists ?? openLists(defaultListFolder(process.env), []);
  }

  /**
   * Uses a client of Temporal that is there already. Not for others: the types of the SDK that it names do not compile
   * without `skipLibCheck`, so nothing that is published may name them.
   *
   * @internal
   */
  static over(
    temporal: Client,
    options: { taskQueue?: string; lists?: ListStore } = {},
  ): MigrationClient {
    return new MigrationClient(temporal, options);
  }

  /**
   * Connects as the environment variables and profiles of Temporal say. Ends with {@link close}. `payloadKeys` is the file
   * of the keys that the worker encrypts payloads with, if it does; `lists` is where the worker keeps long lists: a
   * folder, or `s3://<bucket>/<prefix>`, by default the folder of a worker of this user on this machine.
   */
  static async connect(
    options: { taskQueue?: string; payloadKeys?: string | undefined; lists?: string | undefined } = {},
  ): Promise<MigrationClient> {
    const { taskQueue, payloadKeys, lists = defaultListFolder(process.env) } = options;
    const keys = payloadKeys === undefined ? [] : keysOf(payloadKeys);
    const store = openListsAt(lists, keys);
    const temporal = await connectToTemporal(keys);
    return MigrationClient.over(temporal, {
      lists: store,
      ...(taskQueue !== undefined && { taskQueue }),
    });
  }

  /** Of Temporal. */
  get namespace(): string {
    return this.temporal.options.namespace;
  }

  async close(): Promise<void> {
    await this.temporal.connection.close();
  }

  /** Returns what a migration would do. Reads only; obstacles are part of the plan, not a failure. */
  async plan(request: MigrationRequest): Promise<HashedPlan> {
    return this.guard(async () => {
      requireValid(request);
      await this.requireWorker();
      return runPlan(this.temporal, this.taskQueue, await this.travelling(request));
    });
  }

  /**
   * Starts a migration and returns its id. A plan with obstacles, or another one than `planHash`, is refused
   * and nothing starts. Plans first, unless `planned` is what {@link plan} returned just now. `by` is who starts it, as
   * the status and the report are to show it.
   */
  async start(
    request: MigrationRequest,
    options: { planHash?: string; planned?: HashedPlan; by?: string } = {},
  ): Promise<string> {
    const { planHash, by, planned = await this.plan(request) } = options;
    const { plan } = planned;
    requireFree(planned);
    await this.guard(() => requireNoneOpen(this.temporal, migrationId(plan.source.uid)));
    await this.guard(() => requireNothingLost(this.temporal, plan));
    await this.guard(() => requireTargetFree(this.temporal, plan.target));
    requireStartable(planned, planHash);
    return this.guard(async () =>
      startMigration(this.temporal, this.taskQueue, await this.travelling(request), {
        ...{ sourceUid: plan.source.uid, by },
      }),
    );
  }

  /**
   * Returns the request of the reverse migration from a migration that went well: to the old node, or to another one that
   * `chosen` names; what it holds takes the place of what the migration had. {@link plan} says whether it is safe.
   *
   * It names every party that goes back: those that the migration moved and, if it moved everything, those that the
   * node which serves now got since. Makes a plan to find these, so a worker has to reach both nodes.
   */
  async requestReverse(id: string, chosen: ReverseOptions = {}): Promise<MigrationRequest> {
    const planned = await this.planOf(id);
    const status = await this.guardOf(id, (queue) => readStatus(this.temporal, queue, id));
    const next = `check it: canton-migrate status ${id}`;
    if (!planned || !status.isPastPointOfNoReturn)
      throw new MigrationError('refused', 'NotMigrated', `${id} did not migrate its source`, next);
    const migrated = await this.withParties(planned.plan);
    const request = requestReverse(migrated, chosen);
    const [first] = movedParties(migrated);
    if (first === undefined)
      throw new MigrationError('refused', 'NotMigrated', `${id} moved no party`, next);
    if (chosen.parties !== undefined || !movedEverything(migrated)) return this.travelling(request);
    // Every party that the node hosts is in its plan, whether it moves or not; contracts are counted of one only.
    const { plan } = await this.plan({ ...request, parties: [first] });
    const since = partiesSince(migrated, await this.withParties(plan));
    return this.travelling(requestReverse(migrated, chosen, since));
  }

  /** Returns what is known of a migration. Without a worker it lacks `status`; that is no failure. */
  async status(id: string): Promise<MigrationSnapshot> {
    return this.guard(() => readSnapshot(this.temporal, id));
  }

  /** Returns the plan a running migration follows; undefined while it is still planning. */
  async planOf(id: string): Promise<HashedPlan | undefined> {
    return this.guardOf(id, async (queue) => {
      await requireNoClaim(this.temporal, id);
      await this.requireWorker(queue);
      return readPlan(this.temporal, queue, id);
    });
  }

  /** Yields what is known of a migration now and after every change, until it has ended. */
  watch(
    id: string,
    options: { signal?: AbortSignal } = {},
  ): AsyncGenerator<MigrationSnapshot, void, undefined> {
    return watchMigration(() => this.status(id), options);
  }

  /**
   * Waits until the target serves, verified, and returns the report; its source watch may stand then, and `closedBy` says
   * whether it does. Fails with why a migration ended in another way.
   */
  async result(id: string): Promise<MigrationReport> {
    return this.guard(() => readOutcome(this.temporal, id));
  }

  /**
   * Returns the report of a migration as a file: of one that is not over so far and unsigned, of one that is over as the
   * worker's store has it, also when Temporal has forgotten the migration.
   */
  async report(id: string, wish: ReportWish): Promise<WrittenReport> {
    return this.guard(async () => {
      await this.requireWorker();
      const about = { client: this.temporal, taskQueue: this.taskQueue, lists: this.lists };
      return readReport(about, id, wish);
    });
  }

  /** Opens a gate, in the name of `approver`. Repeating it changes nothing. */
  async approve(id: string, approval: ApproveInput): Promise<void> {
    await this.update(
      id,
      APPROVE_UPDATE,
      `approve/${approval.gate}/${approval.planHash}/${approval.approver}`,
      approval,
    );
  }

  /** Hands in a signature of an offline root key; one that is not right is refused and leaves no trace. */
  async provideSignature(id: string, signature: ProvideSignatureInput): Promise<void> {
    await this.update(id, PROVIDE_SIGNATURE_UPDATE, `signature/${randomUUID()}`, signature);
  }

  /** Returns everything that keys outside of the nodes are asked to sign, with the signatures that were handed in. */
  async signaturesToProvide(id: string): Promise<ToSign> {
    return this.guardOf(id, async (queue) => {
      await requireNoClaim(this.temporal, id);
      await this.requireWorker(queue);
      const found = await readSignatures(this.temporal, id);
      if (!found) throw new NoWorkerError(queue);
      return resolved(found, (list) => this.lists.read(list));
    });
  }

  /**
   * Hands in signatures of whatever the migration asks for, however many. One that is not right is refused by its place in
   * the list, and the others stand; the same again changes nothing.
   */
  async provideSignatures(
    id: string,
    { signatures, by }: { signatures: readonly HandedIn[]; by: string },
  ): Promise<SignaturesTaken> {
    const found = await this.guardOf(id, async (queue) => {
      const read = await readSignatures(this.temporal, id);
      if (!read) throw new NoWorkerError(queue);
      return read;
    });
    return takenTogether(found, signatures, {
      one: (request, signature) =>
        this.provideSignature(id, {
          ...{ hash: request.hash, signature, by },
          ...{ signedBy: request.key.fingerprint, algorithm: request.algorithm },
        }),
      many: (others) => this.provideHostings(id, others, by),
    });
  }

  /** Waits for its turn where a migration is about to continue as new. */
  private async provideHostings(
    id: string,
    signatures: readonly HandedIn[],
    by: string,
  ): Promise<SignaturesTaken> {
    for (const deadline = Date.now() + CHECK_LIMIT_MS; ; await setTimeout(TURN_POLL_MS)) {
      try {
        return await this.provideAtOnce(id, signatures, by);
      } catch (error) {
        const isBusy = error instanceof MigrationError && error.type === 'SignaturesBeingChecked';
        if (!isBusy || Date.now() > deadline) throw error;
      }
    }
  }

  private async provideAtOnce(
    id: string,
    signatures: readonly HandedIn[],
    by: string,
  ): Promise<SignaturesTaken> {
    return this.guardOf(id, async (queue) => {
      await requireRunning(this.temporal, id, PROVIDE_SIGNATURES_UPDATE);
      await this.requireWorker(queue);
      const input: ProvideSignaturesInput = { signatures: await this.lists.keep(signatures), by };
      const updateId = `signatures/${randomUUID()}`;
      const update = { name: PROVIDE_SIGNATURES_UPDATE, updateId, input, limitMs: CHECK_LIMIT_MS };
      return sendUpdate<SignaturesTaken>(this.temporal, id, update);
    });
  }

  /** Holds the migration before its next step. */
  async pause(id: string, by: SteerInput): Promise<void> {
    await this.update(id, PAUSE_UPDATE, `pause/${randomUUID()}`, by);
  }

  /** Goes on after a pause, or tries again after a failure that an operator has dealt with. */
  async resume(id: string, by: SteerInput): Promise<void> {
    await this.update(id, RESUME_UPDATE, `resume/${randomUUID()}`, by);
  }

  /**
   * Changes how fast the transfer goes, also in the call that runs; what is left out stays as it is. Returns
   * what holds now, or undefined if no worker answers any more.
   */
  async retune(id: string, input: RetuneInput): Promise<Tuning | undefined> {
    await this.update(id, RETUNE_UPDATE, `retune/${randomUUID()}`, input);
    const held = await this.guard(() => readTuning(this.temporal, id));
    if (!held) return undefined;
    const { targetSeconds, contractsPerSecond } = held;
    return { targetSeconds, ...(contractsPerSecond !== undefined && { contractsPerSecond }) };
  }

  /**
   * After a comparison that was not equal: sends missing contracts again, purges extra ones and compares once more.
   * Refused if a contract has different content on the two nodes.
   */
  async repair(id: string, by: SteerInput): Promise<void> {
    await this.update(id, REPAIR_UPDATE, `repair/${randomUUID()}`, by);
  }

  /** Takes back what was done; refused after the point of no return. {@link result} tells how it ended. */
  async abort(id: string, by: SteerInput): Promise<void> {
    await this.update(id, ABORT_UPDATE, 'abort', by);
  }

  /** Returns what an abort would take back now, and what would stay; undefined if no worker answers. */
  async abortPreview(id: string): Promise<AbortPreview | undefined> {
    return this.guard(() => askAbortPreview(this.temporal, id));
  }

  /**
   * Returns what the last run of a migration left; nothing if none had a plan that Temporal still knows. Fails while
   * one of its runs is open.
   */
  async leftBehind(id: string): Promise<LeftBehind | undefined> {
    return this.guard(async () => {
      await requireNoneOpen(this.temporal, id);
      await this.requireWorker();
      return findLeftBehind(this.temporal, id);
    });
  }

  /**
   * Fails with `MigrationLost` if a migration that had a node of the plan was ended from outside half way: what the
   * plan found on the nodes is then what that migration made of them.
   */
  async requireNothingLost({ plan, taken = [] }: HashedPlan): Promise<void> {
    // An open migration may have taken over what was lost.
    if (taken.length > 0) return;
    await this.guard(() => requireNothingLost(this.temporal, plan));
  }

  /** Returns what two nodes say of themselves, by their names in the worker's configuration. Changes nothing. */
  async lookAtNodes(nodes: NodesToLookAt): Promise<NodeLeft[]> {
    return this.guard(async () => {
      await this.requireWorker();
      return runWorkflow<NodeLeft[]>(this.temporal, {
        type: LOOK_WORKFLOW,
        input: nodes,
        taskQueue: this.taskQueue,
        idStart: `look-at-nodes/${nodes.source}`,
        staticSummary: `Look at ${nodes.source} and ${nodes.target}`,
      });
    });
  }

  /**
   * Takes over what a run left that was ended from outside: goes back as an abort does, or goes on. Returns once
   * the run that does so has begun; {@link status} and {@link result} tell the rest.
   */
  async recover(id: string, request: RecoverRequest): Promise<void> {
    return this.guard(async () => {
      await requireNoneOpen(this.temporal, id);
      await this.requireWorker();
      await startRecovery(this.temporal, this.taskQueue, { id, ...request });
    });
  }

  /** Has a watched source parked again. {@link status} tells whether it is. */
  async park(id: string, by: SteerInput): Promise<void> {
    await this.update(id, PARK_UPDATE, `park/${randomUUID()}`, by);
  }

  /**
   * Parks a node whose migration has ended, and returns how it stands then. Refused, and nothing changed, if
   * the other node does not serve every party of it, or a migration is about one of the two.
   */
  async parkParticipant(request: ParkRequest): Promise<Parked> {
    const { participant, servedBy, by } = request;
    return this.guard(async () => {
      await this.requireWorker();
      return runWorkflow<Parked>(this.temporal, {
        type: PARK_WORKFLOW,
        input: request,
        taskQueue: this.taskQueue,
        idStart: `park-participant/${participant}`,
        staticSummary: `Park ${participant}, served by ${servedBy}: ${by}`,
      });
    });
  }

  /**
   * Ends the source watch, and with it the migration, and returns its report with what is left to do by hand. Refused unless
   * a last check finds the source parked or stopped, or `force` is set.
   */
  async closeMigration(id: string, input: CloseInput): Promise<MigrationReport> {
    await this.update(id, CLOSE_UPDATE, `close/${randomUUID()}`, input);
    return this.result(id);
  }

  /**
   * Returns the id of the migration that `reference` means: a workflow id, the name or uid of its source or target, or how
   * a uid begins; if left out, the only one that is open. Fails if it means none, or several.
   */
  async find(reference?: string): Promise<string> {
    return this.guard(() => findMigration(this.temporal, reference));
  }

  /** Returns the migrations of the namespace, newest first: those that have not ended, those that have, or both. */
  async list(which: 'open' | 'closed' | 'all' = 'open'): Promise<MigrationList> {
    return this.guard(() => listMigrations(this.temporal, which));
  }

  /** Returns the gate a migration waits at, with the hash its approval has to carry. */
  async openGate(id: string): Promise<{ gate: Gate; statement: string; planHash: string } | undefined> {
    const { status, taskQueue } = await this.status(id);
    if (!status) throw new NoWorkerError(taskQueue);
    if (!status.gate || status.planHash === undefined) return undefined;
    return { gate: status.gate.name, statement: status.gate.statement, planHash: status.planHash };
  }

  /** Returns the plan with its parties, wherever they are kept. */
  async withParties(plan: MigrationPlan): Promise<WithParties> {
    return this.guard(async () => ({ ...plan, parties: [...(await this.lists.read(plan.parties))] }));
  }

  /** Stores the parties of a request if they are many. */
  private async travelling({ parties, ...request }: MigrationRequest): Promise<MigrationRequest> {
    if (!parties) return request;
    return { ...request, parties: isStored(parties) ? parties : await this.lists.keep(parties) };
  }

  private async update(
    id: string,
    name: string,
    updateId: string,
    input: ApproveInput | CloseInput | ProvideSignatureInput | RetuneInput | SteerInput,
  ): Promise<void> {
    await this.guardOf(id, async (queue) => {
      requireFilledIn(input);
      await requireRunning(this.temporal, id, name);
      await this.requireWorker(queue);
      await sendUpdate(this.temporal, id, { name, updateId, input, limitMs: UPDATE_LIMIT_MS });
    });
  }

  private async requireWorker(taskQueue = this.taskQueue): Promise<void> {
    if (!(await findWorker(this.temporal, taskQueue))) throw new NoWorkerError(taskQueue);
  }

  private async guard<T>(act: () => Promise<T>, taskQueue = this.taskQueue): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw toMigrationError(error, taskQueue);
    }
  }

  /** What is told of workers is told of the task queue of that migration. */
  private async guardOf<T>(id: string, act: (taskQueue: string) => Promise<T>): Promise<T> {
    const taskQueue = await this.guard(() => readTaskQueue(this.temporal, id));
    return this.guard(() => act(taskQueue), taskQueue);
  }
}
