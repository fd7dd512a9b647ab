import type { PackageStore } from '../package-store.js';
import type { Decoded } from '../wire.js';
import {
  contractNotFound,
  invalidCommand,
  notAuthorized,
  templateNotFound,
} from './command-refusals.js';
import { decodeBlob, type Contract, type Template } from './contract.js';
import { blobOf } from './contract-file.js';
import { createIou, readIou, storedIou } from './iou.js';
import type { Ledger } from './ledger.js';

type Api = 'com.daml.ledger.api.v2';

/** What is submitted together. */
export type Commands = Decoded<`${Api}.Commands`>;

/** What commands are interpreted with. */
export interface InterpreterParts {
  readonly name: string;
  readonly ledger: Ledger;
  readonly packages: PackageStore;
  /** Slots of contracts that have ended, and that the contract store of the Ledger API does not know as ended yet. */
  readonly unindexed: Set<number>;
}

/** What the commands of one submission would do. */
export interface Effects {
  readonly created: Contract[];
  readonly archived: {
    /** Undefined on a node that does not have the contract. */
    readonly slot: number | undefined;
    readonly contract: Contract;
    readonly synchronizerId: string;
  }[];
}

/** Returns the parties that submit. */
export function actAs(commands: Commands): string[] {
  return commands.act_as;
}

/** Returns what the commands would do, by the contracts active on this node. */
export function interpret(parts: InterpreterParts, commands: Commands): Effects {
  const effects: Effects = { created: [], archived: [] };
  for (const command of commands.commands) {
    if (command.create) create(parts, commands, command.create, effects);
    else if (command.exercise) exercise(parts, commands, command.exercise, effects);
    else throw invalidCommand('command');
  }
  return effects;
}

function create(
  parts: InterpreterParts,
  commands: Commands,
  command: Decoded<`${Api}.CreateCommand`>,
  effects: Effects,
): void {
  const template = resolve(parts, command.template_id);
  const iou = readIou(command.create_arguments);
  if (!iou) throw invalidCommand('create_arguments');
  if (!actAs(commands).includes(iou.payer)) throw notAuthorized([iou.payer], actAs(commands));
  effects.created.push(createIou(template, iou, parts.ledger.now()));
}

function exercise(
  parts: InterpreterParts,
  commands: Commands,
  command: Decoded<`${Api}.ExerciseCommand`>,
  effects: Effects,
): void {
  const { ledger, name, unindexed } = parts;
  resolve(parts, command.template_id);
  const contractId = command.contract_id ?? '';
  const slot = ledger.find(contractId);
  const isGone = effects.archived.some((one) => one.slot === slot);
  if (slot === undefined || isGone || !(ledger.isActive(slot) || unindexed.has(slot)))
    throw contractNotFound(contractId, commands, name);

  const stored = ledger.read(slot);
  const contract = decodeBlob(blobOf(stored));
  const iou = storedIou(contract.argumentBytes);
  if (!iou) throw invalidCommand('contract_id');
  const choice = command.choice;
  if (choice !== 'Transfer' && choice !== 'Settle') throw invalidCommand('choice');
  const controller = choice === 'Transfer' ? iou.owner : iou.payer;
  if (!actAs(commands).includes(controller)) throw notAuthorized([controller], actAs(commands));

  effects.archived.push({ slot, contract, synchronizerId: stored.synchronizerId });
  if (choice === 'Settle') return;
  const owner = newOwner(command.choice_argument);
  if (owner === undefined) throw invalidCommand('choice_argument');
  effects.created.push(createIou(contract.template, { ...iou, owner }, ledger.now()));
}

function newOwner(argument: Decoded<`${Api}.Value`> | undefined): string | undefined {
  return argument?.record?.fields[0]?.value?.party;
}

/** Finds the newest package in the store that has the template. */
function resolve(
  { packages }: InterpreterParts,
  id: Decoded<`${Api}.Identifier`> | undefined,
): Template {
  const reference = id?.package_id ?? '';
  const moduleName = id?.module_name ?? '';
  const entityName = id?.entity_name ?? '';
  const found = reference.startsWith('#')
    ? packages.newest(reference.slice(1))
    : packages.package(reference);
  if (found?.strings.includes(moduleName) && found.strings.includes(entityName)) {
    return { packageId: found.packageId, moduleName, entityName, packageName: found.name };
  }
  throw templateNotFound(`${reference}:${moduleName}:${entityName}`);
}
