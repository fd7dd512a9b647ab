import {
  isEarlier,
  isNewerThanTested,
  parseCantonVersion,
  TESTED_VERSIONS,
  type CantonVersion,
} from '../../model/canton-version.js';
import type { Finding } from '../../model/plan.js';
import { when, whenFound } from './finding.js';

/** The first release with what the migration calls. */
const FIRST = { major: 3, minor: 5, patch: 1 };
/** The first one in which a registered synchronizer can be changed by its physical id. Source: networks K. */
const FIRST_THAT_MODIFIES = { major: 3, minor: 5, patch: 4 };
/** The first one that starts again after every upgrade of its synchronizer. Source: networks K. */
const FIRST_THAT_RESTARTS = { major: 3, minor: 5, patch: 11 };

/**
 * Of Canton 2.10: in the one before, contracts with keys that were imported end the process of the node. By release note
 * 25-004.
 */
const FIRST_OF_210 = { major: 2, minor: 10, patch: 1 };

/** A node as far as its release matters. */
interface Released {
  name: string;
  version: string;
}

/** Versions that lack what the migration needs, or break it. */
export function versionObstacles(nodes: readonly Released[]): Finding[] {
  return nodes.flatMap((node) =>
    whenFound(breakOf(node.version), (why) => ({
      type: 'VersionUnsupported',
      what: `${node.name} runs Canton ${node.version}, expected 3.5.4 or a later version 3, or 2.10.1 or a later 2.10: ${why}`,
      cure: 'upgrade the participant first, to 3.5.11 or later, or within 2.10 to its last release',
    })),
  );
}

function breakOf(text: string): string | undefined {
  const version = parseCantonVersion(text);
  if (!version) return 'it cannot be compared with the versions that the migration knows';
  if (version.major === FIRST_OF_210.major && version.minor === FIRST_OF_210.minor)
    return isEarlier(version, FIRST_OF_210)
      ? 'contracts with keys that it imports may end its process'
      : undefined;
  if (version.major !== FIRST.major || isEarlier(version, FIRST))
    return 'its APIs are not those that the migration calls';
  if (!isEarlier(version, FIRST_THAT_MODIFIES)) return undefined;
  return 'from 3.5.1 to 3.5.3 a participant fails whenever the connection to a synchronizer is changed (ModifySynchronizer with a physical id)';
}

/** What is known against a version that the migration can use, and whether anybody has used it. */
export function findVersionWarnings(nodes: readonly Released[]): Finding[] {
  return nodes.flatMap((node) => {
    const version = parseCantonVersion(node.version);
    if (!version || breakOf(node.version) !== undefined) return [];
    return [
      ...when(version.major === FIRST_OF_210.major, {
        type: 'VersionSimulated',
        what: `${node.name} runs Canton ${node.version}, and migrations of Canton 2.10 were tried on simulated nodes only, which answer as recorded ones of 2.10.5-SNAPSHOT did`,
        cure: 'migrate test participants of this version first, then confirm it with the plan',
      }),
      ...when(version.major === FIRST.major && isEarlier(version, FIRST_THAT_RESTARTS), {
        type: 'VersionWithKnownFault',
        what: `${node.name} runs Canton ${node.version}: before 3.5.11 a participant may not start again after an upgrade of its synchronizer`,
        cure: 'upgrade the participant to 3.5.11 or later, at the latest before its synchronizer is upgraded',
      }),
      ...when(isNewerThanTested(version), {
        type: 'VersionNotTested',
        what: `${node.name} runs Canton ${node.version}, and the newest version that migrations were tested with is ${TESTED_VERSIONS.at(-1)}${knownOf(version)}`,
        cure: 'try the migration with test participants of this version first, then confirm it with the plan',
      }),
    ];
  });
}

/** What the release notes of a newer version say that concerns a migration. Source: networks K. */
function knownOf(version: CantonVersion): string {
  if (version.minor < 6) return '';
  return '; from 3.6 on a participant ends every streaming call of its Admin API after a time, 2 h by default';
}
