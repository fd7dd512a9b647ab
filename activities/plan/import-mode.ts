import { listed } from '../../model/count.js';
import type { ActiveContractSummary, ImportMode } from '../../model/participant.js';
import type { Finding, MigrationPlan, PlannedImports } from '../../model/plan.js';
import { versionReasons } from '../contracts/import-mode.js';
import { namesOf } from '../packages/package-names.js';
import { when } from './finding.js';
import type { PlanningParticipants } from './nodes.js';

/** Package ids that are told apart; a participant has some hundred packages. */
const MAX_PACKAGES = 10_000;
const NAMED = 10;

/** Notes which packages the contracts that move are read with. To be shown every contract of the source. */
export class UsedPackages {
  readonly ids = new Set<string>();

  constructor(private readonly moves: (contract: ActiveContractSummary) => boolean) {}

  visit(contract: ActiveContractSummary): void {
    const { representativePackageId, packageId } = contract;
    if (this.ids.size < MAX_PACKAGES && this.moves(contract))
      this.ids.add(representativePackageId || packageId);
  }
}

type Planned = Pick<MigrationPlan, 'request' | 'source' | 'target' | 'dars'>;

/**
 * Decides whether the target takes the contracts as they are or validates each: as they are only where something else
 * proves what the validation would. A request may insist on either.
 */
export async function planImports(
  plan: Planned,
  {
    source,
    target,
    used,
    isVettingTried,
  }: Pick<PlanningParticipants, 'source' | 'target'> & {
    used: UsedPackages;
    /** Whether the target said of everything that it is to vet that it would. */
    isVettingTried: boolean;
  },
): Promise<{ planned: PlannedImports; obstacles: Finding[] }> {
  const wanted = plan.request.options?.importMode;
  if (wanted === 'validation') return { planned: validated(['the request asks for it']), obstacles: [] };
  const unknown = await findUnknown(plan, { source, target, used });
  const reasons = [
    ...versionReasons(plan.source, plan.target),
    ...(isVettingTried
      ? []
      : [`whether ${plan.target.name} vets the packages of ${plan.source.name} could not be tried`]),
    ...(unknown.length === 0
      ? []
      : [
          `${plan.target.name} will not have these packages of the contracts: ${listed(unknown, NAMED)}`,
        ]),
  ];
  if (reasons.length === 0) return { planned: { mode: 'accept', reasons: [] }, obstacles: [] };
  return { planned: validated(reasons), obstacles: acceptObstacles(wanted, reasons) };
}

function validated(reasons: string[]): PlannedImports {
  return { mode: 'validation', reasons };
}

/** Whoever insists is told: what was asked for is not silently replaced. */
function acceptObstacles(wanted: ImportMode | undefined, reasons: string[]): Finding[] {
  return when(wanted === 'accept', {
    type: 'AcceptNotProven',
    what: `the request has contracts imported in mode ACCEPT, and what would prove them instead of a validation is missing: ${reasons.join('; ')}`,
    cure: 'leave options.importMode out: the contracts are imported in mode VALIDATION then, which takes little longer',
  });
}

/** Packages that are neither on the target nor in a DAR that it gets, by name. */
async function findUnknown(
  { dars }: Planned,
  { source, target, used }: Pick<PlanningParticipants, 'source' | 'target'> & { used: UsedPackages },
): Promise<string[]> {
  const stored = await target.packages.listPackages();
  const missing = new Set(used.ids);
  for (const { packageId } of stored) missing.delete(packageId);
  for (const { mainPackageId, action } of dars) {
    if (missing.size === 0) return [];
    if (action !== 'upload') continue;
    for (const { packageId } of await source.packages.listContents(mainPackageId))
      missing.delete(packageId);
  }
  if (missing.size === 0) return [];
  return namesOf(missing, await source.packages.listPackages());
}
