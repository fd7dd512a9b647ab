import type { AnnouncedUpgrade, NodeRef } from './participant.js';

/** Whether the first physical synchronizer was before the second one: the serial in the id says so. Source: networks B. */
export function isBefore(physicalId: string, other: string): boolean {
  return serialOf(physicalId) < serialOf(other);
}

/** An upgrade that a node has before it; one whose successor it uses is done, and stays announced for ever. */
export interface PendingUpgrade extends AnnouncedUpgrade {
  /** The node that says so. */
  participant: string;
  alias: string;
  /** Physical id of the synchronizer in use. */
  physicalId: string;
}

/** Until when the topology of a synchronizer is frozen, and why. */
export function describeFreeze({
  participant,
  alias,
  physicalId,
  successor,
  time,
}: PendingUpgrade): string {
  return `an upgrade of ${alias} from ${versionOf(physicalId)} to ${versionOf(successor)} at ${time} is announced (as ${participant} knows): its topology is frozen until it is done`;
}

/** Protocol version and serial of a physical synchronizer, as `34-0`. */
function versionOf(physicalId: string): string {
  return physicalId.slice(physicalId.lastIndexOf('::') + 2);
}

/** Who is asked, and of which synchronizers (logical ids). */
export interface AwaitUpgradeInput {
  nodes: NodeRef[];
  synchronizerIds: string[];
}

function serialOf(physicalId: string): number {
  return Number(physicalId.slice(physicalId.lastIndexOf('-') + 1));
}
