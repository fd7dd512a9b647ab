import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { decode, encode, type Decoded, type Encodable } from '../wire.js';
import { invalidCommand } from './command-refusals.js';
import { decodeBlob, encodeBlob, withoutSuffix, type Contract, type Template } from './contract.js';
import type { Commands, Effects } from './interpretation.js';
import { createIou, labelled, readIou } from './iou.js';
import type { Ledger } from './ledger.js';

type Api = 'com.daml.ledger.api.v2';
type Interactive = `${Api}.interactive`;
type Node = Encodable<`${Interactive}.DamlTransaction.Node`>;

/** A transaction that was prepared, as a client sends it back. */
export type Prepared = Decoded<`${Interactive}.PreparedTransaction`>;

const LF_VERSION = '2.1';

/** Writes down what one command would do, for its submitters to sign. Source: golden35/external-live.jsonl 17; golden35/external-live.jsonl 74. */
export function preparedTransaction(
  commands: Commands,
  effects: Effects,
  place: { readonly physicalId: string; readonly nowMicros: number },
): Encodable<`${Interactive}.PreparedTransaction`> {
  const [created] = effects.created;
  const [archived] = effects.archived;
  const [exercise] = commands.commands.map((one) => one.exercise);
  const nodes: Node[] = [];
  if (created) nodes.push({ node_id: archived ? '1' : '0', v1: { create: createNode(created, true) } });
  if (archived && exercise)
    nodes.push({
      node_id: '0',
      v1: { exercise: exerciseNode(commands, exercise, archived.contract, created) },
    });
  const input_contracts = effects.archived.map(({ contract }) => ({
    v1: createNode(contract, false),
    created_at: String(contract.createdAtMicros),
    event_blob: Buffer.from(encodeBlob(contract)),
  }));
  return {
    transaction: {
      version: LF_VERSION,
      roots: ['0'],
      nodes,
      node_seeds: nodes.map((_, n) => ({ ...(n > 0 && { node_id: n }), seed: randomBytes(32) })),
    },
    metadata: {
      submitter_info: { act_as: commands.act_as, command_id: commands.command_id },
      synchronizer_id: place.physicalId,
      transaction_uuid: randomUUID(),
      preparation_time: String(place.nowMicros),
      ...(input_contracts.length > 0 && { input_contracts }),
    },
  };
}

function identifier({ packageId, moduleName, entityName }: Template) {
  return { package_id: packageId, module_name: moduleName, entity_name: entityName };
}

/** What every node says of its contract. */
function contractOf({ template, signatories, observers }: Contract) {
  return {
    lf_version: LF_VERSION,
    package_name: template.packageName,
    template_id: identifier(template),
    signatories,
    stakeholders: [...signatories, ...observers].sort(),
  };
}

function createNode(contract: Contract, isNew: boolean) {
  const stored = decode(`com.daml.ledger.api.v2.Record`, contract.argumentBytes);
  const record = { record_id: identifier(contract.template), ...labelled(stored) };
  const { contractId } = contract;
  return {
    ...contractOf(contract),
    contract_id: isNew ? withoutSuffix(contractId) : contractId,
    argument: { record },
  };
}

function exerciseNode(
  commands: Commands,
  exercise: Decoded<`${Api}.ExerciseCommand`>,
  contract: Contract,
  created: Contract | undefined,
): Encodable<`${Interactive}.transaction.v1.Exercise`> {
  const choice = exercise.choice ?? '';
  const record_id = identifier({ ...contract.template, entityName: choice });
  const given = exercise.choice_argument?.record?.fields ?? [];
  const fields = given.map((field) => ({ ...field, label: 'newOwner' }));
  return {
    ...contractOf(contract),
    contract_id: contract.contractId,
    acting_parties: commands.act_as,
    choice_id: choice,
    chosen_value: { record: { record_id, ...(fields.length > 0 && { fields }) } },
    consuming: true,
    ...(created && { children: ['1'] }),
    exercise_result: created ? { contract_id: withoutSuffix(created.contractId) } : { unit: {} },
  };
}

/** Returns what the submitters sign, 32 bytes. It is our own: a real node hashes by a scheme of Canton. */
export function preparedHash(prepared: Encodable<`${Interactive}.PreparedTransaction`>): Buffer {
  const bytes = encode('com.daml.ledger.api.v2.interactive.PreparedTransaction', prepared);
  // As it is read from the wire, whatever fields its sender left out or wrote down.
  const read = decode('com.daml.ledger.api.v2.interactive.PreparedTransaction', bytes);
  return createHash('sha256')
    .update(encode('com.daml.ledger.api.v2.interactive.PreparedTransaction', read))
    .digest();
}

/** Reads what a prepared transaction does, with the contracts that it brings along. */
export function preparedEffects(ledger: Ledger, prepared: Prepared, synchronizerId: string): Effects {
  const nodes = (prepared.transaction?.nodes ?? []).map((node) => node.v1);
  const inputs = (prepared.metadata?.input_contracts ?? []).map(({ event_blob }) =>
    decodeBlob(event_blob ?? Buffer.alloc(0)),
  );
  const archived = nodes.flatMap((node) => {
    if (!node?.exercise) return [];
    const id = node.exercise.contract_id;
    const contract = inputs.find(({ contractId }) => contractId === id);
    if (!contract) throw invalidCommand('input_contracts');
    return [{ slot: ledger.find(contract.contractId), contract, synchronizerId }];
  });
  const created = nodes.flatMap((node) => (node?.create ? [create(ledger, node.create)] : []));
  return { created, archived };
}

function create(ledger: Ledger, node: Decoded<`${Interactive}.transaction.v1.Create`>): Contract {
  const { package_id = '', module_name = '', entity_name = '' } = node.template_id ?? {};
  const template = {
    packageId: package_id,
    moduleName: module_name,
    entityName: entity_name,
    packageName: node.package_name ?? '',
  };
  const iou = readIou(node.argument?.record);
  if (!iou) throw invalidCommand('argument');
  const discriminator = Buffer.from((node.contract_id ?? '').slice(2), 'hex');
  return createIou(template, iou, ledger.now(), discriminator);
}
