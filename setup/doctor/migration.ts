import { readFileSync } from 'node:fs';

import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';

import { asideOf } from '../../activities/attempt/aside.js';
import { participantsOf, type Participants } from '../../activities/nodes/participants.js';
import { planActivities } from '../../activities/plan/plan.js';
import { counted } from '../../model/count.js';
import { isOpen } from '../../model/execution.js';
import { isStored } from '../../model/listed.js';
import type { ParticipantAccess } from '../../model/participant-access.js';
import { migrationId, type MigrationPlan } from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import { isMigrationRequest, requestProblems } from '../../model/validation.js';
import { ListStore } from '../../storage/list-store.js';
import { openLists } from '../../storage/open.js';
import type { WorkerOptions } from '../../worker/options.js';
import { ANSWER_LIMIT_MS } from '../answer-limit.js';
import { beforeAnyMigration, checking, cureNow, type CheckResult, type Findings } from './result.js';

/** What a migration is planned with. */
export interface Surroundings {
  options: WorkerOptions;
  nodes: ReadonlyMap<string, ParticipantAccess>;
  /** Of the participants whose APIs both answer, by name. */
  uids: ReadonlyMap<string, string>;
  /** Of Temporal, if it answers. */
  client?: Client | undefined;
}

/** Reads the plan of a request as the worker would, without Temporal, and says what the migration would still need. */
export function checkMigration(file: string, its: Surroundings): Promise<CheckResult[]> {
  return checking('migration', file, async (findings) => {
    const request = readRequest(file, findings);
    if (!request) return;
    const names = [request.source, request.target];
    const unknown = names.filter((name) => !its.nodes.has(name));
    if (unknown.length > 0) {
      findings.problem(
        `${unknown.join(', ')}: not in participants, expected one of ${[...its.nodes.keys()].join(', ')}`,
        'correct the request, or name the participant so in the configuration',
      );
      return;
    }
    const silent = names.filter((name) => !its.uids.has(name));
    if (silent.length > 0) {
      findings.notChecked(`the plan: it takes answers of ${silent.join(' and ')}`);
      return;
    }
    if (await isUnderWay(names, its, findings)) return;
    await plan(request, its, findings);
  });
}

function readRequest(file: string, findings: Findings): MigrationRequest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    findings.problem(`${file}: ${(error as Error).message}`, 'name a file with a request as JSON');
    return undefined;
  }
  if (isMigrationRequest(value)) return value;
  for (const problem of requestProblems(value))
    findings.problem(problem, 'correct the request: canton-migrate plan --schema prints what it may be');
  return undefined;
}

/** While a migration runs, a plan would name what that migration has made. */
async function isUnderWay(
  names: readonly string[],
  { client, uids }: Surroundings,
  findings: Findings,
): Promise<boolean> {
  if (!client) {
    findings.notChecked('whether a migration of these nodes is open: it takes an answer of Temporal');
    return false;
  }
  const open: string[] = [];
  for (const name of names) {
    const id = migrationId(uids.get(name)!);
    try {
      const { status } = await client.connection.withDeadline(Date.now() + ANSWER_LIMIT_MS, () =>
        client.workflow.getHandle(id).describe(),
      );
      if (isOpen(status)) open.push(id);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
  for (const id of open)
    findings.warning(
      `a migration that has one of these nodes is open: ${id}; a plan would name what it has made, and is not read`,
      `canton-migrate status '${id}'`,
    );
  return open.length > 0;
}

async function plan(request: MigrationRequest, its: Surroundings, findings: Findings): Promise<void> {
  const { options, nodes } = its;
  const { lists, payloads, spool, approval, migrations } = options;
  const kept = openLists(lists, payloads?.keys ?? []);
  const parties = request.parties && isStored(request.parties) ? await kept.read(request.parties) : [];
  const asked = parties.length > 0 ? { ...request, parties: [...parties] } : request;
  const rules = { approval, ...(migrations && { migrations }) };
  const surroundings = { spoolFolder: spool.folder, approval, lists: NOWHERE };
  const activities = planActivities(reading(participantsOf(nodes, rules)), surroundings);
  try {
    const { plan: found } = await asideOf(new AbortController().signal, () =>
      activities.readPlan(asked),
    );
    report(found, findings);
  } catch (error) {
    findings.problem((error as Error).message, cureNow(error));
  }
}

/** A plan has the target sign a list of its keys; that stores something for a moment, so that it is left out here. */
function reading(participants: Participants): Participants {
  return { ...participants, proving: () => ({ proveOwnKeys: () => Promise.resolve() }) };
}

/** Nobody reads the lists of a plan that is not kept. */
const NOWHERE = new ListStore({ put: () => Promise.resolve(), get: () => Promise.resolve(undefined) });

function report(found: MigrationPlan, findings: Findings): void {
  const { obstacles, warnings, signatures, source, target } = found;
  for (const { type, what, cure } of obstacles)
    findings.problem(`${type}: ${what}`, beforeAnyMigration(cure));
  for (const { type, what, cure } of warnings)
    findings.warning(`${type}: ${what}`, beforeAnyMigration(cure));
  for (const { what, count, key, holder } of signatures)
    findings.needed(
      `${counted(count, 'signature')} for ${what} by the key ${key}`,
      holder === 'offline'
        ? 'have whoever keeps this key offline at hand for the gate root-key'
        : `nothing: ${holder} signs`,
    );
  if (target.isKmsBacked)
    findings.notTried(
      `that the KMS of ${target.name} signs with every key: canton-migrate plan tries it`,
    );
  if (obstacles.length === 0)
    findings.ok(`nothing stands in the way of a migration from ${source.name} to ${target.name}`);
}
