import { createHash } from 'node:crypto';

/** A number from 0 to `below` - 1. */
export type Random = (below: number) => number;

/** The same numbers for the same seed. */
export function seeded(seed: number): Random {
  let drawn = 0;
  return (below) => {
    const digest = createHash('sha256').update(`${seed}/${drawn++}`).digest();
    return digest.readUInt32BE(0) % below;
  };
}

export function pick<T>(list: readonly T[], random: Random): T {
  return list[random(list.length)]!;
}
