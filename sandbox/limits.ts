import { deserializationFailure, fieldNotSet } from './errors.js';
import { unary, type Handler } from './grpc.js';
import type { Journal } from './node.js';
import type { Message } from './wire.js';

interface Limits {
  readonly inFlight?: number;
  readonly rate?: number;
  readonly burst: number;
}

const KIND = 'limits';
const DEFAULTS: Limits = { inFlight: 500, rate: 200, burst: 0.5 };

/** The resource limits of one participant. What a change leaves out is cleared. Source: facts 1.14. */
export class ResourceLimits {
  private current = DEFAULTS;

  constructor(private readonly journal: Journal) {
    for (const record of journal.replay(KIND)) this.current = record as Limits;
  }

  /** Validation requests the node takes at once, undefined for no limit. */
  get maxInFlight(): number | undefined {
    return this.current.inFlight;
  }

  /** Returns the handlers of ResourceManagementService. */
  service(): Record<string, Handler> {
    return {
      GetResourceLimits: unary(() => ({ current_limits: this.message() })),
      SetResourceLimits: unary((request) => {
        this.set(request['new_limits'] as Message | undefined);
        return {};
      }),
    };
  }

  private message(): Message {
    const { inFlight, rate, burst } = this.current;
    return {
      ...(inFlight !== undefined && { max_inflight_validation_requests: inFlight }),
      ...(rate !== undefined && { max_submission_rate: rate }),
      max_submission_burst_factor: burst,
    };
  }

  private set(limits: Message | undefined): void {
    if (!limits) throw fieldNotSet('new_limits');
    const burst = Number(limits['max_submission_burst_factor'] ?? 0);
    if (burst <= 0) {
      throw deserializationFailure(
        `InvariantViolation(max_submission_burst_factor,Expecting positive value for burst factor, found ${burst.toFixed(1)}.)`,
      );
    }
    const number = (field: string) => (limits[field] === undefined ? undefined : Number(limits[field]));
    const inFlight = number('max_inflight_validation_requests');
    const rate = number('max_submission_rate');
    this.current = {
      ...(inFlight !== undefined && { inFlight }),
      ...(rate !== undefined && { rate }),
      burst,
    };
    this.journal.append(KIND, this.current);
  }
}
