import { isMessage, type Message } from './wire.js';

/** One call a simulated participant received. */
export interface CallRecord {
  /** 1 for the first call of the sandbox, ascending. */
  readonly order: number;
  readonly participant: string;
  readonly api: Api;
  /** Full service name. */
  readonly service: string;
  readonly method: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  /**
   * Proto JSON of the request, bytes as their length; cut to 400 characters. Of a streamed request the first
   * message, empty until it has arrived.
   */
  request: string;
  /** Contracts that an import took off its upload, whatever became of them; absent before the first. */
  contractCount?: number;
  /** False where the call only reads. */
  readonly isMutating: boolean;
  /** The gRPC status name once the call has ended, e.g. `OK`. */
  outcome?: string;
}

/** Which of a participant's two ports. */
export type Api = 'admin' | 'ledger';

/** What of the log is asked for; absent fields match everything. */
export interface CallFilter {
  readonly participant?: string;
  readonly method?: string;
  readonly isMutating?: boolean;
  /** Only calls after this order number. */
  readonly after?: number;
}

const SUMMARY_LENGTH = 400;
const READS =
  /^(List|Get|Export|Count|Lookup|Find|Check|Watch|HealthDump|CurrentTime$|ParticipantStatus$|GenerateTransactions$|GenerateExternalPartyTopology$|PrepareSubmission$|ValidateDar$|SignTransactions$|(Create|Drop)TemporaryTopologyStore$)/;

/** Whether a call concerns a topology store that is there only until it is dropped. */
function isTemporary(request: Message | undefined): boolean {
  const store = request?.['store'];
  return isMessage(store) && store['temporary'] !== undefined;
}

/** The ordered list of calls that reached the participants of a sandbox, kept in memory. */
export class CallLog {
  private readonly records: CallRecord[] = [];

  /** Adds a call and returns its record, whose outcome the server fills in. */
  add(
    call: Pick<CallRecord, 'participant' | 'api' | 'service' | 'method'>,
    request?: Message,
  ): CallRecord {
    const record: CallRecord = {
      ...call,
      order: this.records.length + 1,
      time: new Date().toISOString(),
      request: request === undefined ? '' : summary(request),
      isMutating: !READS.test(call.method) && !isTemporary(request),
    };
    this.records.push(record);
    return record;
  }

  /** Notes the first message of a streamed request; its bytes may be many, so they are never turned into text. */
  noteRequest(record: CallRecord, request: Message): void {
    const shown = Object.entries(request).map(([field, value]): [string, unknown] => [
      field,
      Buffer.isBuffer(value) ? `<${value.length} bytes>` : value,
    ]);
    record.request = summary(Object.fromEntries(shown));
  }

  /** Returns the calls that match, oldest first. */
  list(filter: CallFilter = {}): CallRecord[] {
    return this.records.filter(
      (record) =>
        (filter.participant === undefined || record.participant === filter.participant) &&
        (filter.method === undefined || record.method === filter.method) &&
        (filter.isMutating === undefined || record.isMutating === filter.isMutating) &&
        record.order > (filter.after ?? 0),
    );
  }

  /** Returns the order number of the last call, 0 before the first. */
  get last(): number {
    return this.records.length;
  }
}

function summary(request: Message): string {
  const text = JSON.stringify(request, (_key, value: unknown) => {
    if (isBuffer(value)) return `<${value.data.length} bytes>`;
    return value;
  });
  return text.length > SUMMARY_LENGTH ? `${text.slice(0, SUMMARY_LENGTH)}...` : text;
}

/** What `Buffer.toJSON` makes, which `JSON.stringify` calls before the replacer. */
function isBuffer(value: unknown): value is { type: 'Buffer'; data: number[] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    value.type === 'Buffer' &&
    'data' in value
  );
}
