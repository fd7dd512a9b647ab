import { randomBytes } from 'node:crypto';
import { unary, type CallInfo, type Handler } from '../grpc.js';
import type { Inspection } from '../inspection.js';
import type { ResourceLimits } from '../limits.js';
import type { TopologyPort } from '../node.js';
import type { PackageStore } from '../package-store.js';
import type { Message } from '../wire.js';
import { decodeBlob, type Contract, type Template } from './contract.js';
import { blobOf } from './contract-file.js';
import {
  backpressure,
  contractNotFound,
  invalidCommand,
  notAuthorized,
  notConnected,
  packageNotVetted,
  templateNotFound,
  unknownInformees,
} from './command-refusals.js';
import { EventFilter } from './event-filter.js';
import { createIou, readIou, storedIou } from './iou.js';
import type { Ledger, LedgerEntry } from './ledger.js';
import { transactionMessage } from './update-service.js';

/** What the command service of one participant works with. */
export interface CommandParts {
  readonly name: string;
  readonly uid: string;
  readonly ledger: Ledger;
  readonly packages: PackageStore;
  readonly topology: TopologyPort;
  readonly limits: ResourceLimits;
  readonly inspection: Inspection;
}

/** What the commands of one submission would do. */
interface Effects {
  readonly created: Contract[];
  readonly archived: {
    readonly slot: number;
    readonly contract: Contract;
    readonly synchronizerId: string;
  }[];
}

/** Returns the handlers of the Ledger API's CommandService. */
export function commandService(parts: CommandParts): Record<string, Handler> {
  return {
    SubmitAndWait: unary((request) => {
      const { offset, updateId } = submit(parts, commandsOf(request));
      return { update_id: updateId, completion_offset: String(offset) };
    }),
    SubmitAndWaitForTransaction: unary((request, call) => {
      const commands = commandsOf(request);
      const entry = submit(parts, commands);
      return { transaction: shown(parts.ledger, entry, actAs(commands), call) };
    }),
  };
}

function commandsOf(request: Message): Message {
  const commands = request['commands'] as Message | undefined;
  if (!commands) throw invalidCommand('commands');
  if (actAs(commands).length === 0) throw invalidCommand('party/act_as');
  return commands;
}

function actAs(commands: Message): string[] {
  return (commands['act_as'] ?? []) as string[];
}

function shown(ledger: Ledger, entry: LedgerEntry, parties: readonly string[], call: CallInfo): Message {
  const filters_by_party = Object.fromEntries(
    parties.map((party) => [party, { cumulative: [{ wildcard_filter: {} }] }]),
  );
  const span = randomBytes(8).toString('hex');
  return {
    ...transactionMessage(ledger, entry, new EventFilter({ filters_by_party })),
    trace_context: { traceparent: `00-${call.traceId}-${span}-03` },
    paid_traffic_cost: '0',
  };
}

function submit(parts: CommandParts, commands: Message): LedgerEntry {
  const { ledger } = parts;
  const effects = interpret(parts, commands);
  const { maxInFlight } = parts.limits;
  const count = parts.inspection.total();
  if (maxInFlight !== undefined && count >= maxInFlight) throw backpressure(count, maxInFlight);
  const synchronizerId = route(parts, effects);

  for (const contract of effects.created) {
    const representativePackageId = contract.template.packageId;
    ledger.append(contract, { synchronizerId, representativePackageId, reassignmentCounter: 0 });
  }
  const [entry] = ledger.commit([
    {
      synchronizerId,
      commandId: (commands['command_id'] as string | undefined) ?? '',
      workflowId: (commands['workflow_id'] as string | undefined) ?? '',
      created: effects.created.length,
      ended: effects.archived.map(({ slot }) => ({ slot, end: 'archived' })),
    },
  ]);
  if (!entry) throw new Error('a submission left no entry in the ledger');
  return entry;
}

function interpret(parts: CommandParts, commands: Message): Effects {
  const effects: Effects = { created: [], archived: [] };
  for (const command of (commands['commands'] ?? []) as Record<string, Message | undefined>[]) {
    if (command['create']) create(parts, commands, command['create'], effects);
    else if (command['exercise']) exercise(parts, commands, command['exercise'], effects);
    else throw invalidCommand('command');
  }
  return effects;
}

function create(parts: CommandParts, commands: Message, command: Message, effects: Effects): void {
  const template = resolve(parts, command['template_id'] as Message | undefined);
  const iou = readIou(command['create_arguments'] as Message | undefined);
  if (!iou) throw invalidCommand('create_arguments');
  if (!actAs(commands).includes(iou.payer)) throw notAuthorized([iou.payer], actAs(commands));
  effects.created.push(createIou(template, iou, parts.ledger.now()));
}

function exercise(parts: CommandParts, commands: Message, command: Message, effects: Effects): void {
  const { ledger, name } = parts;
  resolve(parts, command['template_id'] as Message | undefined);
  const contractId = (command['contract_id'] as string | undefined) ?? '';
  const slot = ledger.find(contractId);
  const isGone = effects.archived.some((one) => one.slot === slot);
  if (slot === undefined || isGone || !ledger.isActive(slot))
    throw contractNotFound(contractId, commands, name);

  const stored = ledger.read(slot);
  const contract = decodeBlob(blobOf(stored));
  const iou = storedIou(contract.argumentBytes);
  if (!iou) throw invalidCommand('contract_id');
  const choice = command['choice'] as string | undefined;
  if (choice !== 'Transfer' && choice !== 'Settle') throw invalidCommand('choice');
  const controller = choice === 'Transfer' ? iou.owner : iou.payer;
  if (!actAs(commands).includes(controller)) throw notAuthorized([controller], actAs(commands));

  effects.archived.push({ slot, contract, synchronizerId: stored.synchronizerId });
  if (choice === 'Settle') return;
  const owner = newOwner(command['choice_argument'] as Message | undefined);
  if (owner === undefined) throw invalidCommand('choice_argument');
  effects.created.push(createIou(contract.template, { ...iou, owner }, ledger.now()));
}

function newOwner(argument: Message | undefined): string | undefined {
  const record = argument?.['record'] as { fields?: { value?: Message }[] } | undefined;
  return record?.fields?.[0]?.value?.['party'] as string | undefined;
}

/** Finds the newest package in the store that has the template. */
function resolve({ packages }: CommandParts, id: Message | undefined): Template {
  const reference = (id?.['package_id'] as string | undefined) ?? '';
  const moduleName = (id?.['module_name'] as string | undefined) ?? '';
  const entityName = (id?.['entity_name'] as string | undefined) ?? '';
  const found = reference.startsWith('#')
    ? packages.newest(reference.slice(1))
    : packages.package(reference);
  if (found?.strings.includes(moduleName) && found.strings.includes(entityName)) {
    return { packageId: found.packageId, moduleName, entityName, packageName: found.name };
  }
  throw templateNotFound(`${reference}:${moduleName}:${entityName}`);
}

/** The connected synchronizer on which every informee is hosted and every used contract is. */
function route({ topology, uid, name }: CommandParts, effects: Effects): string {
  const connected = topology.connected();
  if (connected.length === 0) throw notConnected(name);
  const contracts = [...effects.created, ...effects.archived.map((one) => one.contract)];
  const informees = new Set(contracts.flatMap((one) => [...one.signatories, ...one.observers]));
  const places = connected.filter(({ logicalId }) =>
    effects.archived.every((one) => one.synchronizerId === logicalId),
  );
  const isKnown = (logicalId: string, party: string) =>
    party === uid || topology.hosts(logicalId, party).length > 0;
  const where = places.find(({ logicalId }) =>
    [...informees].every((party) => isKnown(logicalId, party)),
  );
  if (!where) {
    const unknown = [...informees].filter(
      (party) => !places.some((one) => isKnown(one.logicalId, party)),
    );
    throw unknownInformees(unknown, name);
  }
  const vetted = topology.vetted(where.logicalId);
  const missing = contracts.find((one) => !vetted.has(one.template.packageId));
  if (missing) throw packageNotVetted(missing.template, name);
  return where.logicalId;
}
