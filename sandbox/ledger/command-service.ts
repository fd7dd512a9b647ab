import { randomBytes } from 'node:crypto';
import { unary, type CallInfo, type Service } from '../grpc.js';
import type { Decoded, Encodable } from '../wire.js';
import { invalidCommand } from './command-refusals.js';
import { EventFilter } from './event-filter.js';
import type { LedgerEntry } from './entry.js';
import type { Ledger } from './ledger.js';
import { actAs, type Commands } from './interpretation.js';
import { submit, type CommandParts } from './submission.js';
import { transactionMessage } from './update-service.js';

type Api = 'com.daml.ledger.api.v2';
type Submission = Decoded<`${Api}.SubmitAndWaitRequest` | `${Api}.SubmitAndWaitForTransactionRequest`>;

/** Returns the handlers of the Ledger API's CommandService. */
export function commandService(parts: CommandParts): Service<`${Api}.CommandService`> {
  return {
    SubmitAndWait: unary(async (request) => {
      const { offset, updateId } = (await submit(parts, commandsOf(request))).entry;
      return { update_id: updateId, completion_offset: String(offset) };
    }),
    SubmitAndWaitForTransaction: unary(async (request, call) => {
      const commands = commandsOf(request);
      const { entry, trafficCost } = await submit(parts, commands);
      const readAs = commands.read_as;
      // The default format shows what either kind of party sees. Source: proto SubmitAndWaitForTransactionRequest.
      const transaction = shown(parts.ledger, entry, [...actAs(commands), ...readAs], call);
      return { transaction: { ...transaction, paid_traffic_cost: String(trafficCost) } };
    }),
  };
}

function commandsOf(request: Submission): Commands {
  const commands = request.commands;
  if (!commands) throw invalidCommand('commands');
  if (actAs(commands).length === 0) throw invalidCommand('party/act_as');
  return commands;
}

function shown(
  ledger: Ledger,
  entry: LedgerEntry,
  parties: readonly string[],
  call: CallInfo,
): Encodable<`${Api}.Transaction`> {
  const filters_by_party = Object.fromEntries(
    parties.map((party) => [party, { cumulative: [{ wildcard_filter: {} }] }]),
  );
  const span = randomBytes(8).toString('hex');
  return {
    // The default format is verbose. Source: golden35/pv35-happy-kms.jsonl 52.
    ...transactionMessage(ledger, entry, new EventFilter({ filters_by_party, verbose: true })),
    trace_context: { traceparent: `00-${call.traceId}-${span}-03` },
  };
}
