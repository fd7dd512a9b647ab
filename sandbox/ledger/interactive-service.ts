import { timestamp } from '../clock.js';
import { fingerprint, isValid } from '../crypto.js';
import { shortenIds } from '../errors.js';
import { unary, type Service } from '../grpc.js';
import { plainSignature } from '../topology/transaction.js';
import type { Decoded, Encodable } from '../wire.js';
import { failedToExecute, invalidCommand, notConnected, partyOnboarding } from './command-refusals.js';
import { interpret, type Commands } from './interpretation.js';
import { preparedEffects, preparedHash, preparedTransaction, type Prepared } from './prepared.js';
import { invalidArgument } from './refusals.js';
import { route } from './routing.js';
import { submitPrepared, type CommandParts } from './submission.js';

type Interactive = 'com.daml.ledger.api.v2.interactive';
type Prepare = Decoded<`${Interactive}.PrepareSubmissionRequest`>;
type Execute = Decoded<`${Interactive}.ExecuteSubmissionAndWaitRequest`>;

/**
 * Returns the handlers of the InteractiveSubmissionService: submissions for parties that sign by themselves, through any
 * participant on their synchronizer. Source: networks C.
 */
export function interactiveService(
  parts: CommandParts,
): Service<`${Interactive}.InteractiveSubmissionService`> {
  return {
    PrepareSubmission: unary((request) => prepare(parts, request)),
    ExecuteSubmissionAndWait: unary((request) => execute(parts, request)),
  };
}

function prepare(
  parts: CommandParts,
  request: Prepare,
): Encodable<`${Interactive}.PrepareSubmissionResponse`> {
  const { topology, name, ledger } = parts;
  if (request.act_as.length === 0) throw invalidCommand('act_as');
  if (request.commands.length > 1)
    throw invalidArgument('Preparing multiple commands is currently not supported');
  const commands = { ...request, workflow_id: '', submission_id: '' };
  const effects = interpret(parts, commands);
  const only = request.synchronizer_id || undefined;
  const synchronizer = topology.find(route(parts, effects, [], only));
  if (!synchronizer) throw notConnected(name);
  const nowMicros = ledger.now();
  const { physicalId } = synchronizer;
  const prepared = preparedTransaction(commands, effects, { physicalId, nowMicros });
  return {
    prepared_transaction: prepared,
    prepared_transaction_hash: preparedHash(prepared),
    hashing_scheme_version: request.hashing_scheme_version ?? 'HASHING_SCHEME_VERSION_V2',
    cost_estimation: { estimation_timestamp: timestamp(BigInt(nowMicros)) },
  };
}

async function execute(
  parts: CommandParts,
  request: Execute,
): Promise<Encodable<`${Interactive}.ExecuteSubmissionAndWaitResponse`>> {
  const prepared = request.prepared_transaction;
  if (!prepared?.metadata) throw invalidCommand('prepared_transaction');
  const { synchronizer_id: id = '', submitter_info: submitter } = prepared.metadata;
  const submitters = submitter?.act_as ?? [];
  const synchronizer = parts.topology.connected().find((one) => one.physicalId === id);
  if (!synchronizer) throw notConnected(parts.name);
  const { logicalId, physicalId } = synchronizer;
  checkSignatures(parts, { request, prepared, submitters, logicalId });
  const isFlagged = (party: string) =>
    parts.topology
      .hosting(logicalId, party)
      .some((host) => host.participant_uid === parts.uid && host.onboarding);
  const flagged = submitters.filter(isFlagged);
  if (flagged.length > 0) throw partyOnboarding(flagged, physicalId, parts.name);
  const effects = preparedEffects(parts.ledger, prepared, logicalId);
  const commands: Commands = {
    commands: [],
    act_as: submitters,
    read_as: [],
    user_id: request.user_id ?? '',
    command_id: submitter?.command_id ?? '',
    submission_id: request.submission_id ?? '',
  };
  const { entry } = await submitPrepared(parts, commands, effects, logicalId);
  return { update_id: entry.updateId, completion_offset: String(entry.offset) };
}

interface Signed {
  readonly request: Execute;
  readonly prepared: Prepared;
  readonly submitters: readonly string[];
  readonly logicalId: string;
}

/** Each submitter needs as many signatures of its keys as its threshold says. Source: golden35/external-live.jsonl 24. */
function checkSignatures({ topology }: CommandParts, signed: Signed): void {
  const given = signed.request.party_signatures?.signatures ?? [];
  const missing = signed.submitters.filter((party) => !given.some((one) => one.party === party));
  if (missing.length > 0)
    throw failedToExecute(
      `The following actAs parties did not provide an external signature: ${missing.join(', ')}`,
    );
  const hash = preparedHash(signed.prepared);
  for (const { party = '', signatures } of given) {
    if (!signed.submitters.includes(party)) continue;
    const known = topology.signingKeys?.(signed.logicalId, party);
    if (!known) throw failedToExecute(`Could not find party signing keys for ${shortenIds(party)}.`);
    const keys = new Map(known.keys.map((key) => [fingerprint(key.public_key), key]));
    const valid = signatures.map(plainSignature).filter((signature) => {
      const key = keys.get(signature.signed_by);
      return key !== undefined && isValid(signature, key, hash);
    });
    const distinct = new Set(valid.map((signature) => signature.signed_by)).size;
    if (distinct >= known.threshold) continue;
    const count = `${distinct} valid signatures from distinct keys (${signatures.length - valid.length} invalid)`;
    const wanted = `at least ${known.threshold} valid for ${shortenIds(party)}`;
    throw failedToExecute(
      `Received ${count}, but expected ${wanted}. Transaction hash to be signed: 1220${hash.toString('hex')}. Ensure the correct transaction hash is signed with the correct key(s).`,
    );
  }
}
