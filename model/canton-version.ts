/**
 * Releases of Canton that migrations were run with on real participants, oldest first: the one list of them.
 * `3.5.10-SNAPSHOT` is also what the recordings of `test/golden` and `test/golden35` are of.
 */
export const TESTED_VERSIONS = ['3.5.10-SNAPSHOT'] as const;

/** A version as participants report it. */
export interface CantonVersion {
  major: number;
  minor: number;
  patch: number;
  /** `SNAPSHOT`, `rc1`, `snapshot.20260801.1.0.v1a2b3c4d`, ...: comes before the release of the same numbers. */
  preRelease?: string;
}

/** Reads `3.5.11`, `3.5.10-SNAPSHOT`, `3.6.0-rc1`; nothing if it is none. */
export function parseCantonVersion(text: string): CantonVersion | undefined {
  const found = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:[-+](.+))?$/.exec(text);
  if (!found) return undefined;
  const [, major, minor, patch, preRelease] = found;
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    ...(preRelease !== undefined && { preRelease }),
  };
}

/** Whether one comes before another; a pre-release comes before its release. */
export function isEarlier(one: CantonVersion, other: CantonVersion): boolean {
  const difference = byNumbers(one, other);
  if (difference !== 0) return difference < 0;
  return one.preRelease !== undefined && other.preRelease === undefined;
}

/** Whether the numbers are higher than those of every tested one; what comes after them counts for nothing. */
export function isNewerThanTested(version: CantonVersion): boolean {
  return TESTED_VERSIONS.every((text) => {
    const tested = parseCantonVersion(text);
    return tested !== undefined && byNumbers(version, tested) > 0;
  });
}

function byNumbers(one: CantonVersion, other: CantonVersion): number {
  return one.major - other.major || one.minor - other.minor || one.patch - other.patch;
}
