import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  setHandler,
} from '@temporalio/workflow';

import type { TakeSignaturesInput } from '../../activities/hosting/taken-signatures.js';
import type { Activities } from '../../activities/index.js';
import {
  handedInProblem,
  type HandedIn,
  type ProvideSignatureInput,
  type ProvideSignaturesInput,
  type SignaturesTaken,
  type SignaturesToProvide,
} from '../../model/ceremony.js';
import type { ByReference, Listed } from '../../model/listed.js';
import type { Migration } from '../../model/migration.js';
import type { MigrationState } from '../../model/steering.js';
import { isDue } from '../carried.js';
import { listedOf } from '../phases/signed-hostings.js';
import { activitiesAfter } from '../proxies.js';
import { fieldsOf, quoted, recordOf, rejection } from './edge.js';
import { provideSignatures, signatures } from './messages.js';
import { reportedFailure } from './outcome.js';
import { refuseReset } from '../reset.js';
import { publish } from './stage.js';

/** Characters of JSON in an input that is not in the list store, which goes on to an activity with all that is known. */
const MOST_INLINE = 64_000;
/** Updates with one signature each: Temporal takes 2,000 updates in one run, and operators need some to end it. */
const MOST_SINGLE = 500;

/** Takes signatures of hostings, however many; what is not right is refused, and the others stand. */
export function attendHostings(migration: Migration): void {
  setHandler(signatures, () => toProvide(migration), {
    description: 'everything that has to be signed outside of the nodes, or where that is kept',
  });
  setHandler(
    provideSignatures,
    ({ signatures: handedIn, by }: ProvideSignaturesInput) => taken(migration, handedIn, by),
    {
      validator: (input) => {
        refuseReset(migration);
        refuseSignatures(migration, input);
      },
      description: 'submit signatures: {signatures, by}, as canton-migrate signatures import does',
    },
  );
}

function toProvide({ signatures: requests, hostings }: Migration): SignaturesToProvide {
  return { requests, ...(hostings && { hostings: listedOf(hostings) }) };
}

/** One of the signatures of hostings, as a UI hands it in; fails with why it is not taken. */
export async function takeOne(migration: Migration, input: ProvideSignatureInput): Promise<void> {
  const { by, ...handedIn } = input;
  migration.singleHandIns = (migration.singleHandIns ?? 0) + 1;
  const { refused } = await taken(migration, [handedIn], by);
  const [problem] = refused;
  if (problem) throw rejection(problem.type, problem.why);
}

/** Adds to what is given when the check has ended: whatever came in meanwhile is checked against, too. */
async function taken(
  migration: Migration,
  handedIn: Listed<HandedIn>,
  by: string,
): Promise<SignaturesTaken> {
  const providedAt = new Date().toISOString();
  await condition(() => migration.isUnproven === undefined);
  try {
    for (;;) {
      const known = listedOf(migration.hostings!);
      const input: ByReference<TakeSignaturesInput> = { ...known, handedIn, by, providedAt };
      const {
        signatures: all,
        counts,
        ...result
      } = await whileOpen(migration, () => acting().takeSignatures(input));
      const { hostings } = migration;
      if (!hostings) throw rejection('NothingToSign', 'no hosting of a party has to be signed any more');
      if (hostings.requests !== known.requests || hostings.signatures !== known.signatures) continue;
      Object.assign(hostings, { signatures: all, counts });
      publish(migration);
      return result;
    }
  } catch (error) {
    if (isCancellation(error)) refuseHostingsClosed(migration);
    const failure = reportedFailure(migration.stage, error);
    if (!failure) throw error;
    throw rejection(failure.type, failure.message);
  }
}

/** A withdrawal ends it: a store that does not answer must not keep an aborted migration running. */
async function whileOpen<T>(migration: Migration, work: () => Promise<T>): Promise<T> {
  const checking = new CancellationScope();
  const over = new CancellationScope();
  void over
    .run(() => condition(() => migration.isWithdrawing))
    .then(
      () => checking.cancel(),
      () => undefined,
    );
  try {
    return await checking.run(work);
  } finally {
    over.cancel();
  }
}

/** At any time, whatever the migration waits for. */
function acting(): Activities {
  return activitiesAfter(() => Promise.resolve());
}

/** What signatures of hostings have to be before they are looked at; the input may be anything. */
function refuseSignatures(migration: Migration, input: unknown): void {
  fieldsOf(input, ['by']);
  refuseHostingsClosed(migration);
  refuseMeanwhile(migration);
  const { signatures: handedIn } = input as Record<string, unknown>;
  const { storedList, count, view } = recordOf(handedIn) ?? {};
  const isReference =
    typeof storedList === 'string' && /^[0-9a-f]{64}$/.test(storedList) && view === undefined;
  if (isReference && Number.isSafeInteger(count)) return;
  if (Array.isArray(handedIn) && isShort(handedIn)) return;
  throw rejection(
    'InputInvalid',
    `signatures: found ${quoted(handedIn)}, expected a list of objects with text in hash and signature, at most ${MOST_INLINE} characters of JSON in all, or the reference of a longer one: canton-migrate signatures import`,
  );
}

function isShort(handedIn: readonly unknown[]): boolean {
  const areSignatures = handedIn.every((item) => recordOf(item) && !handedInProblem(item));
  return areSignatures && JSON.stringify(handedIn).length <= MOST_INLINE;
}

/** Too many one by one would leave no update to approve, resume or abort with. */
export function refuseManySingle({ singleHandIns = 0 }: Migration): void {
  if (singleHandIns < MOST_SINGLE) return;
  throw rejection(
    'TooManySingleSignatures',
    `${singleHandIns} signatures were handed in one by one, expected at most ${MOST_SINGLE}: hand them in together: canton-migrate signatures import`,
  );
}

/** Also where the gate is open no longer: what was changed since has to be signed again. */
export function refuseHostingsClosed(migration: Migration): void {
  const { hostings, state, isWithdrawing, abortedBy } = migration;
  if (!hostings) throw rejection('NothingToSign', 'no hosting of a party has to be signed');
  if (isWithdrawing || abortedBy !== undefined || OVER.includes(state))
    throw rejection('NothingToSign', `the migration is ${state}: nothing is signed any more`);
}

/** One check after the other: with several at a time there is never a moment to continue as new in. */
export function refuseMeanwhile(migration: Migration): void {
  if (allHandlersFinished() || !isDue(migration)) return;
  throw rejection(
    'SignaturesBeingChecked',
    'other signatures are being checked, and the migration continues as new after that: hand these in again in a moment',
  );
}

const OVER: readonly MigrationState[] = [
  'aborting',
  'aborted',
  'watching',
  'migrated',
  'failed',
  'delegated',
];
