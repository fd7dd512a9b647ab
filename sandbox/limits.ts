import { deserializationFailure, fieldNotSet } from './errors.js';
import { unary, type Service } from './grpc.js';
import type { Journal } from './node.js';
import type { Decoded } from './wire.js';

type ResourceLimitsMessage = Decoded<'com.digitalasset.canton.admin.participant.v30.ResourceLimits'>;

/** What a node takes; nothing is no limit. */
export interface Limits {
  readonly inFlight?: number;
  readonly rate?: number;
  readonly burst: number;
}

const KIND = 'limits';
const DEFAULTS: Limits = { inFlight: 500, rate: 200, burst: 0.5 };

/** The resource limits of one participant. What a change leaves out is cleared. Source: admin-api 1.14. */
export class ResourceLimits {
  private current = DEFAULTS;

  constructor(private readonly journal: Journal) {
    for (const record of journal.replay(KIND)) this.current = record;
  }

  /** Validation requests the node takes at once, undefined for no limit. */
  get maxInFlight(): number | undefined {
    return this.current.inFlight;
  }

  /** Returns the handlers of ResourceManagementService. */
  service(): Service<'com.digitalasset.canton.admin.participant.v30.ResourceManagementService'> {
    return {
      GetResourceLimits: unary(() => ({ current_limits: this.message() })),
      SetResourceLimits: unary((request) => {
        this.set(request.new_limits);
        return {};
      }),
    };
  }

  private message(): ResourceLimitsMessage {
    const { inFlight, rate, burst } = this.current;
    return {
      ...(inFlight !== undefined && { max_inflight_validation_requests: inFlight }),
      ...(rate !== undefined && { max_submission_rate: rate }),
      max_submission_burst_factor: burst,
    };
  }

  private set(limits: ResourceLimitsMessage | undefined): void {
    if (!limits) throw fieldNotSet('new_limits');
    const burst = Number(limits.max_submission_burst_factor ?? 0);
    if (burst <= 0) {
      throw deserializationFailure(
        `InvariantViolation(max_submission_burst_factor,Expecting positive value for burst factor, found ${burst.toFixed(1)}.)`,
      );
    }
    const inFlight = limits.max_inflight_validation_requests;
    const rate = limits.max_submission_rate;
    this.current = {
      ...(inFlight !== undefined && { inFlight }),
      ...(rate !== undefined && { rate }),
      burst,
    };
    this.journal.append(KIND, this.current);
  }
}
