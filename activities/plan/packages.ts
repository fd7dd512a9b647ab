import { BUILT_IN_DARS, leftPackages } from '../../model/late-packages.js';
import type { VettedPackage } from '../../model/participant.js';
import type { PlannedDar, PlannedNode } from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import { progress } from '../attempt/progress.js';
import { namesOf } from '../packages/package-names.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { LEFT_BEHIND } from './local-state.js';
import type { PlanningParticipants } from './nodes.js';

/** What the target lacks of DARs, and of the *vetting state*: no package is vetted that the source has not vetted. */
export async function readPackages({
  request,
  participants: { source, target },
  nodes,
  reader,
}: {
  request: Pick<MigrationRequest, 'options'>;
  participants: Pick<PlanningParticipants, 'source' | 'target'>;
  nodes: { source: PlannedNode; target: PlannedNode };
  /** Who is asked about the target synchronizer. */
  reader: ParticipantReads;
}) {
  progress({ reading: 'DARs and vetted packages' });
  const vettedOn = async (
    node: ParticipantReads,
    { uid, synchronizer }: PlannedNode,
  ): Promise<VettedPackage[]> => {
    const found = await node.topology.findVettedPackages(
      { synchronizerId: synchronizer.logicalId },
      uid,
    );
    return [...(found?.packages ?? [])].sort((a, b) => (a.packageId < b.packageId ? -1 : 1));
  };
  const [sourceDars, targetDars, sourcePackages, vetted, former] = await Promise.all([
    source.packages.listDars(),
    target.packages.listDars(),
    source.packages.listPackages(),
    vettedOn(source, nodes.source),
    vettedOn(reader, nodes.target),
  ]);
  const left = new Set(leftPackages(request));
  const onTarget = new Set(targetDars.map(({ mainPackageId }) => mainPackageId));
  const dars = sourceDars
    .map((dar): PlannedDar => {
      if (dar.name.startsWith(BUILT_IN_DARS)) return { ...dar, action: 'built-in' };
      if (left.has(dar.mainPackageId)) return { ...dar, action: 'left' };
      return { ...dar, action: onTarget.has(dar.mainPackageId) ? 'present' : 'upload' };
    })
    .sort((a, b) => (a.mainPackageId < b.mainPackageId ? -1 : 1));
  const vettedIds = new Set(vetted.map(({ packageId }) => packageId));
  const formerIds = new Set(former.map(({ packageId }) => packageId));
  return {
    dars,
    vetting: {
      add: vetted.filter(({ packageId }) => !formerIds.has(packageId) && !left.has(packageId)),
      leave: sourcePackages
        .map(({ packageId }) => packageId)
        .filter((id) => !vettedIds.has(id))
        .sort(),
      former,
    },
    excluded: namesOf(left, sourcePackages).map((name) => ({
      what: `package ${name}`,
      why: LEFT_BEHIND,
    })),
  };
}
