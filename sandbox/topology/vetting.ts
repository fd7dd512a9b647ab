import { micros } from '../clock.js';
import type { VettedPackage } from './mapping.js';
import { isPartOf, type TopologyStore } from './store.js';
import { ADD } from './transaction.js';

/** Lists the package ids a participant has vetted and that are valid now. */
export function vettedIn(store: TopologyStore, uid: string): ReadonlySet<string> {
  const now = BigInt(Date.now()) * 1000n;
  const entry = store
    .history(`vtp/${uid}`)
    .find((one) => !one.isProposal && isPartOf(one, { kind: 'at', time: now }));
  const mapping = entry?.transaction.mapping;
  if (entry?.transaction.operation !== ADD || mapping?.code !== 'vtp') return new Set();
  return new Set(
    mapping.value.packages.filter((one) => isValidAt(one, now)).map((one) => one.package_id),
  );
}

function isValidAt(
  { valid_from_inclusive: from, valid_until_exclusive: until }: VettedPackage,
  now: bigint,
): boolean {
  const time = (value: VettedPackage['valid_from_inclusive']) => (value ? micros(value) : undefined);
  const [start, end] = [time(from), time(until)];
  return (start === undefined || start <= now) && (end === undefined || now < end);
}
