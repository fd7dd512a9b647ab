import { VETTING_ERROR_IDS } from './error-rules.js';
import { CantonError } from './errors.js';

/** Canton's error ids, by what they mean for whoever asked. Source: admin-api 3.2. */
const ERROR_IDS = {
  /** An attempt before made it, or it is on its way. */
  'exists already': [
    'TOPOLOGY_MAPPING_ALREADY_EXISTS',
    'DUPLICATE_TOPOLOGY_TRANSACTION',
    'USER_ALREADY_EXISTS',
    'IDP_CONFIG_ALREADY_EXISTS',
    'SYNC_SERVICE_ALREADY_ADDED',
  ],
  'not connected to the synchronizer': [
    'NOT_CONNECTED_TO_SYNCHRONIZER',
    'PACKAGE_SERVICE_NOT_CONNECTED_TO_SYNCHRONIZER',
  ],
  'does not exist': [
    'USER_NOT_FOUND',
    'IDP_CONFIG_NOT_FOUND',
    'TOPOLOGY_NO_CORRESPONDING_ACTIVE_TX_TO_REVOKE',
    'NO_CORRESPONDING_ACTIVE_TX_TO_REVOKE',
  ],
  /** The serial that was asked for is not the next one any more. */
  'changed meanwhile': ['TOPOLOGY_SERIAL_MISMATCH'],
  /** As a namespace or one of its owners. Source: networks C; networks D. */
  'no key to sign with': [
    'TOPOLOGY_NO_APPROPRIATE_SIGNING_KEY_IN_STORE',
    'NO_APPROPRIATE_SIGNING_KEY_IN_STORE',
  ],
  'too many topology transactions are pending': ['TOPOLOGY_TOO_MANY_PENDING_TOPOLOGY_TRANSACTIONS'],
  'party has active contracts': [
    'TOPOLOGY_DISABLE_PARTY_WITH_ACTIVE_CONTRACTS',
    'DISABLE_PARTY_WITH_ACTIVE_CONTRACTS_REQUIRES_FORCE',
  ],
  /** By the sequencer; why, it does not say. Source: networks E. */
  'onboarding is refused': ['INITIAL_ONBOARDING_ERROR'],
  'package is in use': ['PACKAGE_OR_DAR_REMOVAL_ERROR'],
  'packages cannot be vetted': [...VETTING_ERROR_IDS, 'CANNOT_VET_DUE_TO_MISSING_PACKAGES'],
} as const;

/** A refusal that is no failure for an activity which can go on another way. */
export type Refusal = keyof typeof ERROR_IDS;

/** Whether Canton refused a call in one of these ways. */
export function isRefusal(error: unknown, ...refusals: Refusal[]): error is CantonError {
  const ids: readonly string[] = refusals.flatMap((refusal) => ERROR_IDS[refusal]);
  return error instanceof CantonError && error.errorId !== undefined && ids.includes(error.errorId);
}

/** Waits for a change, and takes these refusals of it for none: whoever asks reads back what is there. */
export async function allowing(refusals: readonly Refusal[], change: Promise<unknown>): Promise<void> {
  await change.catch((error: unknown) => {
    if (!isRefusal(error, ...refusals)) throw error;
  });
}

/** Whether the call got no answer in time, and may have had its effect. */
export function isTimeout(error: unknown): boolean {
  return error instanceof CantonError && error.code === 'DEADLINE_EXCEEDED';
}

/** Whether an answer was larger than what is taken: a part of it may be read. */
export function isTooLarge(error: unknown): boolean {
  return (
    error instanceof CantonError &&
    error.code === 'RESOURCE_EXHAUSTED' &&
    error.kind === 'refused' &&
    error.errorId === undefined
  );
}

/** Whether the participant could not be reached, or ended the call. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof CantonError && error.code === 'UNAVAILABLE';
}

const ARCHIVED = /Cannot add previously archived contract ContractId\((\w+)\)/;

/** The contract that an import was refused for, because the target archived it before. Source: admin-api 2.3. */
export function archivedBefore(error: unknown): string | undefined {
  if (!(error instanceof CantonError) || error.errorId !== 'IMPORT_ACS_ERROR') return undefined;
  return ARCHIVED.exec(error.message)?.[1];
}

/** Whether only the enterprise edition has the call, and this is the community one. Source: canton-2.10 1. */
export function isOfOtherEdition(error: unknown): boolean {
  return (
    error instanceof CantonError &&
    (error.errorId === 'PRUNING_NOT_SUPPORTED_IN_COMMUNITY_EDITION' ||
      (error.code === 'UNIMPLEMENTED' && error.message.includes('unsupported by the Community edition')))
  );
}

/** Whether Canton refused the call: an operator has to change something. */
export function isRefused(error: unknown): error is CantonError {
  return error instanceof CantonError && error.kind === 'refused';
}

/** What Canton has against vetting packages, in its own words, if that is why it refused the call. */
export function vettingRefusal(error: unknown): string | undefined {
  return isRefusal(error, 'packages cannot be vetted') ? causeOf(error) : undefined;
}

const CAUSE = / answered [A-Z_ ]+: ([\s\S]+?)(?: \(trace id [\w-]+\))?$/;

/** What Canton answered, without the call and its trace id: the same for the same refusal. */
export function causeOf({ message }: CantonError): string {
  return CAUSE.exec(message)?.[1] ?? message;
}
