import type { MessageInitShape } from '@bufbuild/protobuf';

import type { Channel } from '../canton/channel.js';
import {
  CommandService,
  type CommandSchema,
} from '../canton/gen/com/daml/ledger/api/v2/command_service_pb.js';
import type { EventFormatSchema } from '../canton/gen/com/daml/ledger/api/v2/event_format_pb.js';
import type { CreatedEvent } from '../canton/gen/com/daml/ledger/api/v2/event_pb.js';
import { StateService } from '../canton/gen/com/daml/ledger/api/v2/state_service_pb.js';
import type { Transaction } from '../canton/gen/com/daml/ledger/api/v2/transaction_pb.js';
import {
  TransactionShape,
  UpdateService,
} from '../canton/gen/com/daml/ledger/api/v2/update_service_pb.js';
import type { Record as DamlRecord } from '../canton/gen/com/daml/ledger/api/v2/value_pb.js';

/** Arguments of the template of the sample package `lab-iou`. */
export interface Iou {
  /** The signatory, who may settle. */
  payer: string;
  /** The observer, who may transfer. */
  owner: string;
  /** Decimal int64. */
  amount: string;
  note: string;
}

/** A contract as the Ledger API shows it; `iou` if it is of the sample template. */
export interface SeenContract {
  contractId: string;
  /** Unique, in no order. */
  stakeholders: string[];
  iou?: Iou;
}

/** What a committed command did. */
export interface Committed {
  /** The same on every node that has a part in the transaction. */
  updateId: string;
  /** Decimal int64, of the node that was asked. */
  offset: string;
  created: SeenContract[];
  /** Contract ids. */
  archived: string[];
}

export type IouCommand =
  | { kind: 'create'; iou: Iou }
  | { kind: 'transfer'; contractId: string; newOwner: string }
  | { kind: 'settle'; contractId: string };

const PACKAGE = 'lab-iou';
const TEMPLATE = { packageId: `#${PACKAGE}`, moduleName: 'LabIou', entityName: 'Iou' };
/** Long enough for a busy node; an answer that comes later is found by the command id. */
const SUBMISSION_DEADLINE_MS = 10_000;

/**
 * Submits commands of the sample template and reads what became of them: the application of a load test.
 *
 * `userId` is for nodes without authorization; with a token it is the token's, and has to be left out.
 */
export class Commands {
  constructor(
    private readonly channel: Channel,
    private readonly userId = '',
  ) {}

  /**
   * Submits one command and returns what the parties of `actAs` and `readAs` see of its transaction.
   *
   * A new attempt each time: only the node that got `commandId` before knows of it.
   */
  async submit(request: {
    commandId: string;
    actAs: string[];
    readAs: string[];
    command: IouCommand;
  }): Promise<Committed> {
    const { commandId, actAs, readAs, command } = request;
    const method = CommandService.method.submitAndWaitForTransaction;
    const commands = { userId: this.userId, commandId, actAs, readAs, commands: [message(command)] };
    const options = { deadlineMs: SUBMISSION_DEADLINE_MS };
    const { transaction } = await this.channel.unary(method, { commands }, options);
    if (!transaction) throw this.channel.refuse(method, 'an answer without transaction');
    return committed(transaction);
  }

  /**
   * Finds what a command did among the transactions after `beginExclusive`, up to the ledger end of now. On another node
   * than the one that got the command, only the update id leads to it.
   */
  async findCommitted(request: {
    wanted: { commandId: string } | { updateId: string };
    parties: string[];
    beginExclusive: string;
  }): Promise<Committed | undefined> {
    const { wanted } = request;
    const isWanted = ({ commandId, updateId }: Transaction) =>
      'commandId' in wanted ? commandId === wanted.commandId : updateId === wanted.updateId;
    const { offset: endInclusive } = await this.channel.unary(StateService.method.getLedgerEnd, {});
    const beginExclusive = BigInt(request.beginExclusive);
    if (endInclusive <= beginExclusive) return undefined;
    const includeTransactions = {
      eventFormat: formatFor(request.parties),
      transactionShape: TransactionShape.ACS_DELTA,
    };
    const range = { beginExclusive, endInclusive, updateFormat: { includeTransactions } };
    for await (const { update } of this.channel.serverStream(UpdateService.method.getUpdates, range)) {
      if (update.case === 'transaction' && isWanted(update.value)) return committed(update.value);
    }
    return undefined;
  }

  /** The ACS of the parties at the ledger end of now; each contract once. */
  async *scanActiveContracts(parties: string[]): AsyncGenerator<SeenContract, void, undefined> {
    const { offset } = await this.channel.unary(StateService.method.getLedgerEnd, {});
    const request = { activeAtOffset: offset, eventFormat: formatFor(parties) };
    const answers = this.channel.serverStream(StateService.method.getActiveContracts, request);
    for await (const { contractEntry } of answers) {
      if (contractEntry.case !== 'activeContract') continue;
      if (contractEntry.value.createdEvent) yield seen(contractEntry.value.createdEvent);
    }
  }
}

function message(command: IouCommand): MessageInitShape<typeof CommandSchema> {
  if (command.kind === 'create') {
    const { payer, owner, amount, note } = command.iou;
    const fields = [
      { label: 'payer', value: party(payer) },
      { label: 'owner', value: party(owner) },
      { label: 'amount', value: { sum: { case: 'int64' as const, value: BigInt(amount) } } },
      { label: 'note', value: { sum: { case: 'text' as const, value: note } } },
    ];
    const value = { templateId: TEMPLATE, createArguments: { fields } };
    return { command: { case: 'create', value } };
  }
  const { contractId } = command;
  const [choice, fields] =
    command.kind === 'transfer'
      ? ['Transfer', [{ label: 'newOwner', value: party(command.newOwner) }]]
      : ['Settle', []];
  const choiceArgument = { sum: { case: 'record' as const, value: { fields } } };
  const value = { templateId: TEMPLATE, contractId, choice, choiceArgument };
  return { command: { case: 'exercise', value } };
}

function party(value: string) {
  return { sum: { case: 'party' as const, value } };
}

function formatFor(parties: string[]): MessageInitShape<typeof EventFormatSchema> {
  const wildcard = { case: 'wildcardFilter' as const, value: {} };
  const everything = { cumulative: [{ identifierFilter: wildcard }] };
  return { filtersByParty: Object.fromEntries(parties.map((one) => [one, everything])) };
}

function committed({ updateId, events, offset }: Transaction): Committed {
  const found: Committed = { updateId, offset: offset.toString(), created: [], archived: [] };
  for (const { event } of events) {
    if (event.case === 'created') found.created.push(seen(event.value));
    if (event.case === 'archived') found.archived.push(event.value.contractId);
  }
  return found;
}

function seen(event: CreatedEvent): SeenContract {
  const { contractId, signatories, observers, packageName, createArguments } = event;
  const iou = packageName === PACKAGE && createArguments && iouOf(createArguments);
  const stakeholders = [...new Set([...signatories, ...observers])];
  return { contractId, stakeholders, ...(iou && { iou }) };
}

/** By position: labels are left out unless a reader asks for them. */
function iouOf({ fields }: DamlRecord): Iou | undefined {
  const [payer, owner, amount, note] = fields.map(({ value }) => value?.sum);
  if (payer?.case !== 'party' || owner?.case !== 'party') return undefined;
  if (amount?.case !== 'int64' || note?.case !== 'text') return undefined;
  const text = { amount: amount.value.toString(), note: note.value };
  return { payer: payer.value, owner: owner.value, ...text };
}
