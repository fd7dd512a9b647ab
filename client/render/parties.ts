import { ofSeveral } from '../../model/contract-numbers.js';
import { count, counted, firstLines } from '../../model/count.js';
import { isStored } from '../../model/listed.js';
import { treatmentOf, type PartyExceptions } from '../../model/party-exceptions.js';
import { movingCount, stayingCount, type PartyCount } from '../../model/plan-parties.js';
import type { MigrationPlan, PlannedParty } from '../../model/plan.js';
import { shortId, type Style } from './style.js';
import { table } from './table.js';

/** So many parties are each named in a plan. */
const FEW = 20;

/** The parties of a plan: each of a few; of many how many of which class, after those that are exceptions. */
export function renderParties(plan: MigrationPlan, style: Style): string {
  const { parties, partyCounts, partyExceptions } = plan;
  const title = `${counted(movingCount(plan), 'party', 'parties')} to move, ${count(stayingCount(plan))} to stay`;
  if (!isStored(parties) && parties.length <= FEW)
    return [
      style.bold(title),
      partyTable(parties, plan.source.uid, style),
      ...severalOf(parties, plan).map((line) => `  ${line}`),
    ].join('\n');
  return [
    style.bold(title),
    ...exceptionLines(partyExceptions, style),
    classTable(partyCounts, style),
    ...severalOf(partyCounts, plan).map((line) => `  ${line}`),
    '  Each of them: canton-migrate parties',
  ].join('\n');
}

function severalOf(rows: readonly { contractCount?: number }[], { contracts }: MigrationPlan): string[] {
  return ofSeveral(
    rows.map(({ contractCount = 0 }) => contractCount),
    contracts.total,
  );
}

/** A line for each party, with its whole id. */
export function partyLines(parties: readonly PlannedParty[], sourceUid: string): string[] {
  return parties.map(
    (its) => `  ${its.party}  ${its.class}  ${contractsOf(its)}${treatmentOf(its, sourceUid)}`,
  );
}

/** A row for each party. */
function partyTable(parties: readonly PlannedParty[], sourceUid: string, style: Style): string {
  const rows = parties.map((party) => [
    shortId(party.party),
    party.class,
    party.contractCount ?? '-',
    paintOf(party, style)(shortId(treatmentOf(party, sourceUid))),
  ]);
  return table(style, ['party', 'class', 'contracts', ''], rows);
}

/** Those of a party that stays are not counted. */
function contractsOf({ contractCount }: PlannedParty): string {
  return contractCount === undefined ? '' : `${counted(contractCount, 'contract')}  `;
}

function paintOf({ treatment }: PlannedParty, style: Style): (text: string) => string {
  return treatment === 'move' ? style.good : (text) => text;
}

/** How many parties of which class move, or stay for which reason. */
function classTable(counts: readonly PartyCount[], style: Style): string {
  const rows = counts.map(({ class: its, treatment, reason, count: many, contractCount }) => [
    its,
    many,
    contractCount === undefined ? '' : count(contractCount),
    treatment === 'move' ? style.good('move') : `stay: ${reason}`,
  ]);
  return table(style, ['class', 'parties', 'contracts', ''], rows);
}

/** The parties that an operator has to look at, with what becomes of them. */
function exceptionLines({ count: many, first }: PartyExceptions, style: Style): string[] {
  if (many === 0) return [];
  const named = first.map(
    ({ party, class: its, what }) => `${shortId(party)} (${its}): ${shortId(what)}`,
  );
  const head = style.notice(`  ${counted(many, 'exception')}`);
  return [head, ...firstLines(named, many, '    ')];
}
