import { deserializationFailure, fieldNotSet } from './errors.js';
import { unary, type Service } from './grpc.js';
import type { Journal } from './node.js';
import type { Decoded } from './wire.js';

/** As on the wire. */
export type Schedule = Decoded<'com.digitalasset.canton.admin.pruning.v30.PruningSchedule'>;

const KIND = 'pruning-schedule';
const CRON = /^\S+( \S+){5,6}$/;

/**
 * The pruning schedule of one participant. It is kept and never acted on, and nothing is safe to prune yet (the
 * deduplication window of a young node covers everything; golden/packages-revocation.jsonl 13).
 */
export class PruningSchedule {
  private current: Schedule | undefined;

  constructor(private readonly journal: Journal) {
    for (const record of journal.replay(KIND)) this.current = record[0];
  }

  /** As on the wire; undefined if there is none. */
  get schedule(): Schedule | undefined {
    return this.current;
  }

  /** Keeps a schedule; none clears it. */
  set(schedule?: Schedule): void {
    this.journal.append(KIND, schedule ? [schedule] : []);
    this.current = schedule;
  }

  /** Returns the handlers of the Admin API's PruningService. */
  service(): Service<'com.digitalasset.canton.admin.participant.v30.PruningService'> {
    return {
      GetSchedule: unary(() => (this.current ? { schedule: this.current } : {})),
      SetSchedule: unary((request) => {
        this.set(checked(request.schedule));
        return {};
      }),
      ClearSchedule: unary(() => {
        this.set();
        return {};
      }),
      GetSafePruningOffset: unary(() => ({ no_safe_pruning_offset: {} })),
    };
  }
}

function checked(schedule: Schedule | undefined): Schedule {
  if (!schedule) throw fieldNotSet('schedule');
  const cron = schedule.cron ?? '';
  if (!CRON.test(cron)) throw deserializationFailure(`invalid cron expression: ${cron}`);
  for (const field of ['max_duration', 'retention'] as const)
    if (!schedule[field]) throw fieldNotSet(field);
  return schedule;
}
