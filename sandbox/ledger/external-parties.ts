import {
  checkedKey,
  fingerprint,
  multiTransactionHash,
  SPKI,
  type SigningPublicKey,
} from '../crypto.js';
import type { SynchronizerInfo, TopologyPort } from '../node.js';
import type { HostingParticipant, Permission } from '../topology/mapping.js';
import {
  ADD,
  buildTransaction,
  parseTransaction,
  plainSignature,
  type SignedTransaction,
} from '../topology/transaction.js';
import type { Decoded, Encodable } from '../wire.js';
import { invalidArgument, missingField } from './refusals.js';

type Admin = 'com.daml.ledger.api.v2.admin';
type Generate = Decoded<`${Admin}.GenerateExternalPartyTopologyRequest`>;
type Allocate = Decoded<`${Admin}.AllocateExternalPartyRequest`>;

const CONFIRMATION: Permission = 'PARTICIPANT_PERMISSION_CONFIRMATION';
const OBSERVATION: Permission = 'PARTICIPANT_PERMISSION_OBSERVATION';
/** What a raw Ed25519 key is preceded by in DER. */
const ED25519_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Returns the one transaction that makes a party of a key known, for that key to sign. Source: golden35/external-live.jsonl 1. */
export function generateExternalParty(
  uid: string,
  request: Generate,
): Encodable<`${Admin}.GenerateExternalPartyTopologyResponse`> {
  const key = partyKey(request);
  if (!request.party_hint) throw missingField('party_hint');
  const id = fingerprint(key.public_key);
  const party = `${request.party_hint}::${id}`;
  const host = (permission: Permission) => (participant_uid: string) => ({
    participant_uid,
    permission,
  });
  const own = request.local_participant_observation_only ? OBSERVATION : CONFIRMATION;
  const participants: HostingParticipant[] = [
    host(own)(uid),
    ...request.other_confirming_participant_uids.map(host(CONFIRMATION)),
    ...request.observing_participant_uids.map(host(OBSERVATION)),
  ];
  const confirming = participants.filter(({ permission }) => permission === CONFIRMATION).length;
  const threshold = request.confirmation_threshold || Math.max(1, confirming);
  const party_signing_keys = { keys: [key], threshold: 1 };
  const value = { party, threshold, participants, party_signing_keys };
  const transaction = buildTransaction(ADD, 1, { code: 'ptp', value });
  return {
    party_id: party,
    public_key_fingerprint: id,
    topology_transactions: [transaction.bytes],
    multi_hash: multiTransactionHash([transaction.hash]),
  };
}

function partyKey({ public_key: given }: Generate): SigningPublicKey {
  const spec = given?.key_spec;
  if (!given?.key_data || spec === undefined || spec === 'SIGNING_KEY_SPEC_UNSPECIFIED')
    throw missingField('public_key');
  const isRaw = given.format === 'CRYPTO_KEY_FORMAT_RAW' && spec === 'SIGNING_KEY_SPEC_EC_CURVE25519';
  return checkedKey({
    format: SPKI,
    public_key: isRaw ? Buffer.concat([ED25519_PREFIX, given.key_data]) : given.key_data,
    usage: [
      'SIGNING_KEY_USAGE_NAMESPACE',
      'SIGNING_KEY_USAGE_PROOF_OF_OWNERSHIP',
      'SIGNING_KEY_USAGE_PROTOCOL',
    ],
    key_spec: spec,
  });
}

/** Has the transactions of a new party take effect, with the signature of this node; returns the party. */
export async function allocateExternalParty(
  topology: TopologyPort,
  request: Allocate,
  synchronizer: SynchronizerInfo,
): Promise<string> {
  const parsed = request.onboarding_transactions.map(({ transaction, signatures }) => ({
    transaction: parseTransaction(transaction ?? Buffer.alloc(0)),
    signatures: signatures.map(plainSignature),
  }));
  const hashes = parsed.map(({ transaction }) => transaction.hash);
  const signatures = request.multi_hash_signatures.map(plainSignature);
  const hosting = parsed.flatMap(({ transaction: { mapping } }) =>
    mapping.code === 'ptp' ? mapping.value : [],
  );
  const [party] = hosting;
  if (!party || hosting.length > 1)
    throw invalidArgument('onboarding_transactions must contain one PartyToParticipant');
  const isAlone = party.participants.length === 1;
  const transactions: SignedTransaction[] = parsed.map((one) => ({
    ...one,
    ...(signatures.length > 0 && { multiSignatures: [{ hashes, signatures }] }),
    isProposal: one.transaction.mapping.code === 'ptp' && !isAlone,
  }));
  const waits = isAlone && request.wait_for_allocation !== false;
  await topology.allocateExternal?.(synchronizer, transactions, waits);
  return party.party;
}
