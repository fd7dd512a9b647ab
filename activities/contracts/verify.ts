import { nameDifferences } from '../../acs/comparison.js';
import type { AcsDifferences, AcsDigest } from '../../model/acs.js';
import type { ContractsElsewhere, PartyComparison, Verification } from '../../model/report.js';
import type { ListStore } from '../../storage/list-store.js';
import { whileIsolated } from '../hosting/isolation-monitor.js';
import type { Participants } from '../nodes/participants.js';
import { compareCarried } from './compare-carried.js';
import { compareExports, type ComparedContracts } from './compare-exports.js';
import type { ComparedDigests, CompareInput } from './compare-input.js';
import { readElsewhere } from './elsewhere.js';
import { servingState, type ServingInput } from './serving-state.js';
import type { Spool } from './spooling.js';

/** Differences of each kind that travel in the result; the counts are complete. */
const NAMED_DIFFERENCES = 500;
const NO_DIFFERENCES: AcsDifferences = { totals: { missing: 0, extra: 0, different: 0 }, named: [] };
/** Parties that are not equal and travel in the result; it counts the others. */
const NAMED_PARTIES = 20;

export function verifyActivities(participants: Participants, spool: Spool, lists: ListStore) {
  return {
    /**
     * Compares the contracts of every moved party: the source's at the pinned offset, the target's at its ledger
     * end. Returns the counts and digests, and names what differs.
     *
     * Both sides are read as exports, so that one definition of a contract's content serves both; or, after a copy that this
     * worker made, only what changed since, unless that finds a difference. What the
     * digest covers: `docs/phases/verify.md`. Memory does not grow with the ACS. Fails with `ExportChanged` if the
     * source's is not what was copied, and with `StillConnected` or `TargetExposed` unless the target is disconnected.
     */
    async compareActiveContracts(input: CompareInput): Promise<Omit<Verification, 'verifiedAt'>> {
      const compared = await whileIsolated(
        participants.read(input.target),
        input.window,
        async () =>
          (await compareCarried(participants, spool, input)) ??
          compareExports(participants, spool, input),
      );
      const { source, target, comparison, targetLedgerEnd } = compared;
      const { importMovesLedgerEnd } = await participants.read(input.target).health.readAbilities();
      const elsewhere = await elsewhereOf(participants, input, targetLedgerEnd);
      return {
        isEqual: comparison.isEqual,
        contractCount: source.total.contractCount,
        sourceOffset: input.offset,
        targetLedgerEnd,
        ...(!importMovesLedgerEnd && { targetDigest: target.total.digest }),
        ...(await comparedParties(lists, source, target)),
        packages: target.packages,
        ...(await differencesOf(compared)),
        ...(!isExported(compared) && { isCarried: true }),
        ...(elsewhere.length > 0 && { elsewhere }),
      };
    },

    /**
     * Returns once the target serves: it is connected, hosts every moved party, has vetted what it was to vet and what its contracts
     * need, and nothing was done since the proof but by ledger transactions of the target: the source is parked where it was
     * compared. Fails with `StillConnected`, `SourceMoved`, `TargetRestored` and `TargetChanged` if not, and with `TargetNotServing`, naming
     * what is missing.
     *
     * `unusable` names packages of contracts that neither node has vetted: on the source nobody could use them either.
     */
    async readServingState(
      input: ServingInput,
    ): Promise<{ hosted: number; vetted: number; unusable: string[] }> {
      return servingState(participants, input);
    },
  };
}

function isExported(compared: ComparedDigests | ComparedContracts): compared is ComparedContracts {
  return 'sourceExport' in compared;
}

async function differencesOf(
  compared: ComparedDigests | ComparedContracts,
): Promise<Pick<Verification, 'differences' | 'differenceCount' | 'totals'>> {
  const isNamed = isExported(compared) && !compared.comparison.isEqual;
  const { totals, named } = isNamed
    ? await nameDifferences(compared, NAMED_DIFFERENCES)
    : NO_DIFFERENCES;
  const differenceCount = totals.missing + totals.extra + totals.different;
  return { differences: named, differenceCount, totals };
}

/** What the target has on other synchronizers: an export of one does not show it. */
async function elsewhereOf(
  participants: Participants,
  input: CompareInput,
  offset: string,
): Promise<ContractsElsewhere[]> {
  return readElsewhere(participants.read(input.target), {
    parties: input.parties,
    offset,
    synchronizerId: input.synchronizers.target,
  });
}

/** Those that are not equal first; both in the order of their ids. */
async function comparedParties(
  lists: ListStore,
  source: AcsDigest,
  target: AcsDigest,
): Promise<Pick<Verification, 'parties' | 'unequalParties' | 'unequalPartyCount'>> {
  const atTarget = new Map(target.parties.map((its) => [its.party, its]));
  const none = { contractCount: 0, digest: '0'.repeat(64) };
  const compared = source.parties.map(({ party, ...atSource }): PartyComparison => {
    const { contractCount, digest } = atTarget.get(party) ?? none;
    const isEqual = atSource.contractCount === contractCount && atSource.digest === digest;
    return { party, source: atSource, target: { contractCount, digest }, isEqual };
  });
  const unequal = compared.filter((its) => !its.isEqual);
  return {
    parties: await lists.keep([...unequal, ...compared.filter((its) => its.isEqual)]),
    unequalParties: unequal.slice(0, NAMED_PARTIES),
    unequalPartyCount: unequal.length,
  };
}
