import { PlainFailure, shortenIds } from './errors.js';
import { unary, type Service } from './grpc.js';
import type { TopologyPort } from './node.js';
import type { Decoded, Encodable } from './wire.js';

type Admin = 'com.digitalasset.canton.admin.participant.v30';

/** Requests under way on one synchronizer. */
export interface InFlight {
  readonly submissions: number;
  readonly transactions: number;
}

interface Falling extends InFlight {
  readonly perSecond: number;
  readonly since: number;
}

/** The in-flight requests of one participant: its own, and those set from outside, which fall to zero by themselves. */
export class Inspection {
  private readonly byId = new Map<string, Falling>();
  /** Submissions of this node that are under way, by logical id. */
  private readonly own = new Map<string, number>();

  constructor(private readonly topology: TopologyPort) {}

  /** Puts requests in flight on a synchronizer (logical id); `perSecond` of each kind end every second. */
  set(logicalId: string, inFlight: InFlight, perSecond = 0): void {
    this.byId.set(logicalId, { ...inFlight, perSecond, since: performance.now() });
  }

  /** Counts a submission of this node; returns how to end it. */
  begin(logicalId: string): () => void {
    const change = (by: number) => this.own.set(logicalId, (this.own.get(logicalId) ?? 0) + by);
    change(1);
    return () => change(-1);
  }

  /** What is in flight on a synchronizer now. */
  read(logicalId: string): InFlight {
    const simulated = this.simulated(logicalId);
    return {
      submissions: simulated.submissions + (this.own.get(logicalId) ?? 0),
      transactions: simulated.transactions + (this.topology.order(logicalId)?.pendingCount ?? 0),
    };
  }

  private simulated(logicalId: string): InFlight {
    const found = this.byId.get(logicalId);
    if (!found) return { submissions: 0, transactions: 0 };
    const gone = Math.floor(((performance.now() - found.since) / 1000) * found.perSecond);
    return {
      submissions: Math.max(0, found.submissions - gone),
      transactions: Math.max(0, found.transactions - gone),
    };
  }

  /** All requests in flight, on whatever synchronizer. */
  total(): number {
    return [...new Set([...this.byId.keys(), ...this.own.keys()])]
      .map((id) => this.read(id))
      .reduce((sum, { submissions, transactions }) => sum + submissions + transactions, 0);
  }

  /** Returns the handlers of ParticipantInspectionService. */
  service(): Service<`${Admin}.ParticipantInspectionService`> {
    return { CountInFlight: unary((request) => this.count(request)) };
  }

  /** Takes the logical id only, works while disconnected. Source: admin-api 1.14. */
  private count(
    request: Decoded<`${Admin}.CountInFlightRequest`>,
  ): Encodable<`${Admin}.CountInFlightResponse`> {
    const id = request.synchronizer_id ?? '';
    if (!this.topology.registered().some((one) => one.logicalId === id)) {
      throw new PlainFailure(`Not able to find synchronizer alias for ${shortenIds(id)}`);
    }
    const { submissions, transactions } = this.read(id);
    return {
      ...(submissions > 0 && { pending_submissions: submissions }),
      ...(transactions > 0 && { pending_transactions: transactions }),
    };
  }
}
