import type { Message } from '../../sandbox/wire.js';
import { call } from './wire-client.js';

/** Who signs a submission, with which keys. */
export interface Submitter {
  readonly party: string;
  /** Fingerprints. */
  readonly keys: readonly string[];
  readonly sign: (fingerprint: string, bytes: Uint8Array) => Uint8Array;
}

/** Signs bytes as the Ledger API wants it. */
export function signatures({ keys, sign }: Submitter, bytes: Uint8Array): Message[] {
  return keys.map((signed_by) => ({
    format: 'SIGNATURE_FORMAT_CONCAT',
    signature: Buffer.from(sign(signed_by, bytes)),
    signed_by,
    signing_algorithm_spec: 'SIGNING_ALGORITHM_SPEC_ED25519',
  }));
}

/** Has a participant prepare one command for a party, signs it, and has the same or another participant carry it out. */
export async function submitExternally(
  submitter: Submitter,
  command: Message,
  at: { readonly prepare: string; readonly execute: string },
): Promise<Message> {
  const prepared = await call(at.prepare, 'interactive', 'PrepareSubmission', {
    user_id: 'tests',
    command_id: crypto.randomUUID(),
    commands: [command],
    act_as: [submitter.party],
  });
  const hash = prepared['prepared_transaction_hash'] as Buffer;
  const { party } = submitter;
  return call(at.execute, 'interactive', 'ExecuteSubmissionAndWait', {
    prepared_transaction: prepared['prepared_transaction'] as Message,
    party_signatures: { signatures: [{ party, signatures: signatures(submitter, hash) }] },
    submission_id: crypto.randomUUID(),
    user_id: 'tests',
    hashing_scheme_version: prepared['hashing_scheme_version'],
  });
}

/** The command that creates a contract of the sample template. */
export function createIou(payer: string, owner: string, amount: string): Message {
  const values = [{ party: payer }, { party: owner }, { int64: amount }, { text: 'n' }];
  const template_id = { package_id: '#lab-iou', module_name: 'LabIou', entity_name: 'Iou' };
  return {
    create: { template_id, create_arguments: { fields: values.map((value) => ({ value })) } },
  };
}
