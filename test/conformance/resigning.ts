import { createPublicKey, verify } from 'node:crypto';
import { fingerprint, multiTransactionHash } from '../../sandbox/crypto.js';
import type { Signer } from '../../sandbox/signers.js';
import { decode, isMessage, methodTypes } from '../../sandbox/wire.js';
import type { Player } from './player.js';
import type { RecordedCall } from './recording.js';

/** A recorded public key whose private part nobody has, and who signs in its place. */
export interface Keyholder {
  /** DER. */
  readonly recorded: Buffer;
  readonly own: Signer;
}

/**
 * Teaches the player signatures for those in a recorded request: of what stands for the bytes that the recorded one is
 * verified with. One that fits nothing stays as it is, and is wrong for the sandbox too.
 */
export function resign(player: Player, call: RecordedCall, holders: readonly Keyholder[]): void {
  const requests = typeof call.request === 'string' ? [call.request] : (call.request ?? []);
  const signed = new Map<string, Buffer>(player.knownBytes().map((one) => [one.toString('hex'), one]));
  for (const request of requests) {
    const messages = messagesIn(decode(methodTypes(call.rpc).request, Buffer.from(request, 'base64')));
    const own = new Map<string, Buffer>();
    for (const { transaction_hashes: hashes } of messages) {
      if (!isListOfBytes(hashes)) continue;
      const hash = multiTransactionHash(hashes);
      signed.set(hash.toString('hex'), hash);
      own.set(hash.toString('hex'), multiTransactionHash(hashes.map((one) => player.known(one))));
    }
    for (const { signature, signed_by } of messages) {
      const holder = holders.find(({ recorded }) => fingerprint(recorded) === signed_by);
      if (!holder || !Buffer.isBuffer(signature)) continue;
      const key = createPublicKey({ key: holder.recorded, format: 'der', type: 'spki' });
      const bytes = [...signed.values()].find((one) => verify(null, one, key, signature));
      if (!bytes) continue;
      const ours = own.get(bytes.toString('hex')) ?? player.known(bytes);
      player.pair(signature, holder.own.sign(ours).signature);
    }
  }
}

function isListOfBytes(value: unknown): value is Buffer[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => Buffer.isBuffer(one));
}

function messagesIn(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(messagesIn);
  if (Buffer.isBuffer(value) || !isMessage(value)) return [];
  return [value, ...Object.values(value).flatMap(messagesIn)];
}
