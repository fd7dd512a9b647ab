import { setTimeout as wait } from 'node:timers/promises';
import { fingerprint } from '../../sandbox/crypto.js';
import type { Sandbox } from '../../sandbox/index.js';
import { decode, methodTypes, type Message } from '../../sandbox/wire.js';
import type { Player } from './player.js';
import type { RecordedCall, RecordedIds } from './recording.js';

const LIMIT_MS = 10_000;
const PUBLIC_KEY = 'com.digitalasset.canton.crypto.v30.PublicKey';

/** Repeats a read until it satisfies the condition; fails after 10 s. */
export async function until<T>(read: () => Promise<T>, isGood: (value: T) => boolean): Promise<T> {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const value = await read();
    if (isGood(value)) return value;
    if (Date.now() > end) throw new Error(`the condition did not come true in ${LIMIT_MS} ms`);
    await wait(5);
  }
}

/** Teaches the player the namespace keys of both participants, wherever a recorded request names them. */
export function pairNamespaceKeys(
  player: Player,
  sandbox: Sandbox,
  calls: readonly RecordedCall[],
  ids: RecordedIds,
): void {
  const { source, target } = sandbox.participants;
  const own = new Map([
    [ids.old.split('::')[1], source.participant.node.vault.namespaceKey().signing.public_key],
  ]);
  if (target.isInitialized)
    own.set(ids.new.split('::')[1], target.participant.node.vault.namespaceKey().signing.public_key);
  for (const call of calls) {
    for (const request of typeof call.request === 'string' ? [call.request] : (call.request ?? [])) {
      const message = decode(methodTypes(call.rpc).request, Buffer.from(request, 'base64'));
      for (const { key, holder } of publicKeys(message)) {
        const ours = own.get(fingerprint(key));
        if (!ours) continue;
        player.pair(key, ours);
        if (holder)
          player.pair(
            holder,
            Buffer.from(
              holder.toString('hex').replace(key.toString('hex'), ours.toString('hex')),
              'hex',
            ),
          );
      }
    }
  }
}

/** A key in a request; `holder`: the bytes of the serialized message it stands in, for `ImportPublicKey`. */
interface FoundKey {
  readonly key: Buffer;
  readonly holder?: Buffer;
}

function publicKeys(value: unknown): FoundKey[] {
  if (Array.isArray(value)) return value.flatMap(publicKeys);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return [];
  return Object.entries(value as Message).flatMap(([name, one]): FoundKey[] => {
    if (name !== 'public_key' || !Buffer.isBuffer(one)) return publicKeys(one);
    return [{ key: one }, ...publicKeys(opened(one)).map(({ key }) => ({ key, holder: one }))];
  });
}

function opened(bytes: Buffer): unknown {
  try {
    return decode(PUBLIC_KEY, bytes);
  } catch {
    return undefined;
  }
}
