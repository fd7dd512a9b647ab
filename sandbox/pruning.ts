import { deserializationFailure, fieldNotSet } from './errors.js';
import { unary, type Handler } from './grpc.js';
import type { Journal } from './node.js';
import type { Message } from './wire.js';

const KIND = 'pruning-schedule';
const CRON = /^\S+( \S+){5,6}$/;

/**
 * The pruning schedule of one participant. It is kept and never acted on, and nothing is safe to prune yet (the
 * deduplication window of a young node covers everything; golden/packages-revocation.jsonl 13).
 */
export class PruningSchedule {
  private current: Message | undefined;

  constructor(private readonly journal: Journal) {
    for (const record of journal.replay(KIND)) this.current = (record as [Message?])[0];
  }

  /** As on the wire; undefined if there is none. */
  get schedule(): Message | undefined {
    return this.current;
  }

  /** Keeps a schedule; none clears it. */
  set(schedule?: Message): void {
    this.journal.append(KIND, schedule ? [schedule] : []);
    this.current = schedule;
  }

  /** Returns the handlers of the Admin API's PruningService. */
  service(): Record<string, Handler> {
    return {
      GetSchedule: unary(() => (this.current ? { schedule: this.current } : {})),
      SetSchedule: unary((request) => {
        this.set(checked(request['schedule'] as Message | undefined));
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

function checked(schedule: Message | undefined): Message {
  if (!schedule) throw fieldNotSet('schedule');
  const cron = (schedule['cron'] as string | undefined) ?? '';
  if (!CRON.test(cron)) throw deserializationFailure(`invalid cron expression: ${cron}`);
  for (const field of ['max_duration', 'retention']) if (!schedule[field]) throw fieldNotSet(field);
  return schedule;
}
