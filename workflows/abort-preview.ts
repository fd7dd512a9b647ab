import { setHandler } from '@temporalio/workflow';

import { newLiveRecord } from '../model/live.js';
import type { Migration } from '../model/migration.js';
import { abortPreviewOf } from '../model/migration-report.js';
import { isLive } from '../model/plan.js';
import type { AbortPreview } from '../model/report.js';
import * as recreateParties from './phases/recreate-parties.js';
import { activitiesAfter } from './proxies.js';
import { live } from './routes/live.js';
import { newSynchronizer } from './routes/new-synchronizer.js';
import { stepsOf, type Route } from './routes/route.js';
import type { Run } from './run.js';
import { abortPreview } from './steering/messages.js';

/** Answers what an abort would do now. Nothing of it is tried: what others made of the nodes only the abort finds out. */
export function attendPreview(migration: Migration): void {
  setHandler(abortPreview, () => previewOf(migration), {
    description: 'what an abort would take back now, and what would stay',
  });
}

function previewOf(migration: Migration): AbortPreview {
  const { hashed: planned, hostings, transfer } = migration;
  if (!planned) return { takenBack: [], stays: [] };
  const { plan } = planned;
  const act = activitiesAfter(() => Promise.resolve());
  if (isLive(plan)) {
    const its = migration.live ?? newLiveRecord();
    return previewBy(live, { planned: { ...planned, plan }, plan, migration, act, live: its });
  }
  const { takenBack, stays } = previewBy(newSynchronizer, { planned, plan, migration, act });
  const mayLack = takenBack.length > 0 && (hostings ?? transfer.isProposedToOthers) !== undefined;
  return { takenBack, stays: [...stays, ...(mayLack ? recreateParties.mayRemain(plan) : [])] };
}

/** Of the steps that were begun; nobody undoes a proof, nor what only stays. */
function previewBy<Its extends Run>(route: Route<Its>, run: Its): AbortPreview {
  const { plan, migration } = run;
  const states = new Map(migration.steps.map(({ name, state }) => [name, state]));
  const begun = stepsOf(route, plan).filter(({ name }) =>
    ['running', 'done'].includes(states.get(name) ?? 'waiting'),
  );
  const undone = begun.filter(({ undo, stays, isProof }) => !isProof && (undo ?? !stays));
  return abortPreviewOf(migration, {
    phases: undone.map(({ phase }) => phase),
    stays: begun.flatMap(({ stays }) => stays?.(run) ?? []),
  });
}
