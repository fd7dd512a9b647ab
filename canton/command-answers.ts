import { CantonError } from './errors.js';

/**
 * What an application does about a failed command.
 *
 * - `retry`: this attempt did nothing for sure; another attempt, same command id, same node.
 * - `unknown`: it may have been committed, or be under way; also another attempt there, never on another node.
 * - `duplicate`: the node has committed this command id before; its transaction has to be looked for.
 * - `elsewhere`: this node does not host the parties (any more, or yet); the other one does.
 * - `onboarding`: this node is about to host them and takes no submissions yet.
 * - `absent`: the contract is not there: consumed by an earlier attempt, not there yet, or lost.
 * - `ended`: the contract has ended, and the node may not show yet by what: perhaps by an earlier attempt.
 * - `failed`: no repetition helps.
 */
export type Answer =
  'retry' | 'unknown' | 'duplicate' | 'elsewhere' | 'onboarding' | 'absent' | 'ended' | 'failed';

/** Source: live-route 4; networks E; networks J, item 4. */
const BY_ID: Readonly<Record<string, Answer>> = {
  DUPLICATE_COMMAND: 'duplicate',
  SUBMISSION_ALREADY_IN_FLIGHT: 'unknown',
  NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT: 'elsewhere',
  PARTY_CURRENTLY_ONBOARDING: 'onboarding',
  NO_VIEW_WITH_VALID_RECIPIENTS: 'retry',
  CONTRACT_NOT_FOUND: 'absent',
  INACTIVE_CONTRACTS: 'absent',
  LOCAL_VERDICT_INACTIVE_CONTRACTS: 'absent',
  // A node that has just been started connects by and by.
  NOT_CONNECTED_TO_ANY_SYNCHRONIZER: 'retry',
  NOT_CONNECTED_TO_SYNCHRONIZER: 'retry',
  // Whatever its code: the sequencer may have got it although the node heard nothing of that.
  SEQUENCER_REQUEST_FAILED: 'unknown',
};

/** One id for two things: only the text says whether the contract has ended, or where it is cannot be told just now. */
const UNKNOWN_CONTRACT_SYNCHRONIZERS = 'UNKNOWN_CONTRACT_SYNCHRONIZERS';
const HAS_ENDED = 'have been archived';

/** Without an error id they come from the way to the node, which may have done its work. */
const BROKEN_OFF = new Set(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'CANCELLED', 'UNKNOWN', 'INTERNAL']);
const RETRYABLE = new Set(['ABORTED', 'UNAVAILABLE', 'DEADLINE_EXCEEDED', 'RESOURCE_EXHAUSTED']);

/** Returns what an application does about a failed command, from its status and text. */
export function answerOf(error: unknown): Answer {
  if (!(error instanceof CantonError)) return 'failed';
  const { code, errorId, type, message } = error;
  if (errorId === UNKNOWN_CONTRACT_SYNCHRONIZERS) return message.includes(HAS_ENDED) ? 'ended' : 'retry';
  if (errorId !== undefined) {
    const known = BY_ID[errorId];
    if (known) return known;
    if (!RETRYABLE.has(code)) return 'failed';
    // With an id the node says that it refused: but these two say only that it has no answer.
    return code === 'UNAVAILABLE' || code === 'DEADLINE_EXCEEDED' ? 'unknown' : 'retry';
  }
  // The call was never made: a certificate or a token.
  if (type !== undefined) return 'failed';
  if (BROKEN_OFF.has(code)) return 'unknown';
  // Redacted: a request that a change of the hosts overtook, and that came to nothing.
  if (code === 'INVALID_ARGUMENT') return 'retry';
  return RETRYABLE.has(code) ? 'retry' : 'failed';
}

/** How a retry or a failure is counted: `ABORTED NO_VIEW_WITH_VALID_RECIPIENTS`, `UNAVAILABLE`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof CantonError)) return error instanceof Error ? error.name : String(error);
  return [error.code, error.errorId ?? error.type].filter(Boolean).join(' ');
}
