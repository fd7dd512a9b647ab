import type { ImportRules } from '../../acs/inspection.js';
import type { Participants } from '../nodes/participants.js';
import { type ExportInput } from './spooling.js';

/**
 * What a contract has to be like for the target to import it, by the packages that the target has now. The source names
 * those that it lacks.
 */
export async function readImportRules(
  participants: Participants,
  input: ExportInput,
): Promise<ImportRules> {
  const [onTarget, onSource] = await Promise.all([
    participants.read(input.target).packages.listPackages(),
    participants.read(input.source).packages.listPackages(),
  ]);
  return {
    targetSynchronizerId: input.synchronizers.target,
    packageIds: new Set(onTarget.map(({ packageId }) => packageId)),
    packageVersions: new Map(onSource.map(({ packageId, version }) => [packageId, version])),
    ...(!input.allowsShared && { onlyParties: new Set(input.parties) }),
  };
}
