import { log } from '@temporalio/activity';

import { TESTED_VERSIONS } from '../../model/canton-version.js';
import type { ImportMode, NodeRef } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import type { PlannedNode } from '../../model/plan.js';
import { protocolVersionOf } from '../../model/physical-id.js';
import type { Participants } from '../nodes/participants.js';
import type { ExportInput } from './spooling.js';

/** A node, as far as it decides whether contracts may be taken as they are. */
type ImportEnd = Pick<PlannedNode, 'name' | 'version'> & {
  synchronizer: Pick<PlannedNode['synchronizer'], 'logicalId' | 'physicalId'>;
};

/**
 * Returns why the versions of both nodes and synchronizers do not let contracts go over unvalidated; nothing if they do.
 *
 * A contract that the source has is one for the target too only if both read and check contracts by the same rules.
 * Source: admin-api 2.4; decision 50.
 */
export function versionReasons(source: ImportEnd, target: ImportEnd): string[] {
  const isTested = ({ version }: ImportEnd) => TESTED_VERSIONS.some((its) => its === version);
  const untested = [source, target].filter((its) => !isTested(its));
  const [from, to] = [source, target].map(({ synchronizer }) => protocolVersionOf(synchronizer));
  const isOne = source.synchronizer.logicalId === target.synchronizer.logicalId;
  return [
    ...(isOne || (from === to && from !== 0)
      ? []
      : [`the synchronizers have the protocol versions ${from} and ${to}`]),
    ...(source.version === target.version
      ? []
      : [`${source.name} runs Canton ${source.version}, ${target.name} ${target.version}`]),
    ...untested.map(
      ({ name, version }) =>
        `Canton ${version} of ${name} is not among the tested versions, ${TESTED_VERSIONS.join(', ')}`,
    ),
  ];
}

/**
 * Returns the mode that an attempt imports in: the one asked for, or `validation` if a node or a synchronizer was upgraded
 * since the plan, so that the versions do not allow `accept` any more. Both may be disconnected.
 */
export async function provenMode(
  participants: Participants,
  { source, target, synchronizers, importMode }: ExportInput & { importMode?: ImportMode },
): Promise<ImportMode> {
  if (importMode !== 'accept') return 'validation';
  const reasons = versionReasons(
    await readEnd(participants.read(source), source, synchronizers.source),
    await readEnd(participants.read(target), target, synchronizers.target),
  );
  if (reasons.length === 0) return 'accept';
  log.warn('contracts are validated, although the plan would take them as they are', { reasons });
  return 'validation';
}

async function readEnd(
  { health, synchronizers }: ParticipantReads,
  { name }: NodeRef,
  logicalId: string,
): Promise<ImportEnd> {
  const [{ version }, registered] = await Promise.all([
    health.readStatus(),
    synchronizers.listRegistered(),
  ]);
  const found = registered.find((its) => its.logicalId === logicalId);
  return { name, version, synchronizer: { logicalId, physicalId: found?.physicalId ?? '' } };
}
