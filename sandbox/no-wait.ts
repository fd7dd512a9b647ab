import { memberProblem } from './commitment-lags.js';
import { deserializationFailure } from './errors.js';
import { unary, type Service } from './grpc.js';
import type { Journal } from './node.js';

const KIND = 'no-wait';

interface Wanted {
  readonly synchronizer_ids: readonly string[];
}

/**
 * The counter-participants whose commitments the pruning of one participant does not wait for. It changes neither the
 * state of a commitment nor how far anybody is behind. Source: networks G; golden35/commitments.jsonl 24 to 29.
 */
export class NoWait {
  /** Logical ids by member. */
  private readonly ignored = new Map<string, Set<string>>();

  constructor(private readonly journal: Journal) {
    for (const record of journal.replay(KIND)) this.keep(record);
  }

  /** Returns these handlers of the Admin API's PruningService. */
  service(): Service<'com.digitalasset.canton.admin.participant.v30.PruningService'> {
    return {
      SetNoWaitCommitmentsFrom: unary((request) =>
        this.set(request, request.counter_participant_ids, true),
      ),
      ResetNoWaitCommitmentsFrom: unary((request) =>
        this.set(request, request.counter_participant_ids, false),
      ),
      GetNoWaitCommitmentsFrom: unary((request) => this.listed(request, request.participant_uids)),
    };
  }

  private set({ synchronizer_ids }: Wanted, members: readonly string[], isIgnored: boolean) {
    assertMembers(members);
    for (const member of members) {
      for (const logicalId of synchronizer_ids) {
        const record = { member, logicalId, isIgnored };
        this.journal.append(KIND, record);
        this.keep(record);
      }
    }
    return {};
  }

  private listed({ synchronizer_ids }: Wanted, members: readonly string[]) {
    assertMembers(members);
    const isAsked = (asked: readonly string[], one: string) => asked.length === 0 || asked.includes(one);
    const ignored_participants = [...this.ignored].flatMap(([member, ids]) => {
      const found = [...ids].filter((id) => isAsked(synchronizer_ids, id));
      if (found.length === 0 || !isAsked(members, member)) return [];
      return { counter_participant_uid: member, synchronizers: { synchronizer_ids: found } };
    });
    return ignored_participants.length > 0 ? { ignored_participants } : {};
  }

  private keep({ member, logicalId, isIgnored }: NoWaitRecord): void {
    const ids = this.ignored.get(member) ?? new Set<string>();
    this.ignored.set(member, ids);
    if (isIgnored) ids.add(logicalId);
    else ids.delete(logicalId);
  }
}

/** One counter-participant on one synchronizer. */
export interface NoWaitRecord {
  /** "PAR::uid". */
  readonly member: string;
  readonly logicalId: string;
  readonly isIgnored: boolean;
}

function assertMembers(members: readonly string[]): void {
  const problem = members.map(memberProblem).find((its) => its !== undefined);
  if (problem !== undefined)
    throw deserializationFailure(`ValueConversionError(counter_participant_uid,${problem})`);
}
