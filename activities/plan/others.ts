import { firstOf, listed } from '../../model/count.js';
import { isLive, type Finding, type WithParties } from '../../model/plan.js';
import { PARTY_VIEWS } from '../../model/plan-parties.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { SPLICE_PACKAGES } from '../../model/splice.js';
import { when } from './finding.js';

/** Names of packages that are told. */
const NAMED = 5;

/**
 * What applications of a Splice validator do to a node by themselves: they connect it, onboard it again and buy traffic for
 * it. They are known by their packages. Source: networks G.
 */
export async function findSpliceWarnings(
  { source }: WithParties,
  { packages }: ParticipantReads,
): Promise<Finding[]> {
  const all = (await packages.listPackages()).map(({ name }) => name);
  const names = [...new Set(all.filter((name) => name.startsWith(SPLICE_PACKAGES)))].sort();
  return when(names.length > 0, {
    type: 'SplicePackages',
    what: `${source.name} has packages of Splice (${firstOf(names.slice(0, NAMED), names.length)}): a validator app probably uses it, which by itself connects its participant, onboards it again and buys traffic, also while the migration has it disconnected`,
    cure: 'stop the validator app of the source, and one that is set up for the target, at 0 replicas before the first gate that disconnects a node, and keep it stopped until the target serves (docs/splice-validators.md)',
  });
}

/**
 * Parties that the target hosted before, was removed from, and is to host again on one synchronizer. It keeps contracts of
 * theirs from then, which the copy repairs by differences. Source: networks J; live-route 8.
 */
export async function findFormerHostWarnings(
  plan: WithParties,
  { ledger }: ParticipantReads,
): Promise<Finding[]> {
  if (!isLive(plan)) return [];
  const { target } = plan;
  const moved = PARTY_VIEWS.moved(plan.parties);
  const local = new Set(await ledger.listLocalParties());
  const former = moved.filter((party) => local.has(party));
  return when(former.length > 0, {
    type: 'FormerHost',
    what: `${target.name} hosted ${former.length} of the parties before: ${listed(former)}. To become a host again was seen to work on 3.5.10, with the contracts of then repaired by differences; Canton's page on party replication says that offboarding a party, and with it migration, is not supported`,
    cure: 'prefer a target that never hosted these parties, on a reverse migration a fresh node (--target); take this one only after a rehearsal, with a backup at the gate target-backup',
  });
}
