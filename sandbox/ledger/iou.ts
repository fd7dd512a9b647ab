import { decode, type Decoded } from '../wire.js';
import { createContract, type Contract, type Template } from './contract.js';
import { argumentBytes } from './created-event.js';

/** The arguments of the one template shape the sample DARs have. Source: golden/README.md. */
export interface Iou {
  /** The signatory. */
  readonly payer: string;
  /** The observer. */
  readonly owner: string;
  /** Whole number, decimal. */
  readonly amount: string;
  readonly note: string;
}

const FIELDS = ['payer', 'owner', 'amount', 'note'] as const;
const KINDS = { payer: 'party', owner: 'party', amount: 'int64', note: 'text' } as const;

/** Reads the arguments of a create command, by label or else by position; undefined where they do not fit. */
export function readIou(record: Decoded<'com.daml.ledger.api.v2.Record'> | undefined): Iou | undefined {
  const fields = record?.fields ?? [];
  const values = FIELDS.map((name, i) => {
    const field = fields.find((one) => one.label === name) ?? (fields[i]?.label ? undefined : fields[i]);
    return field?.value?.[KINDS[name]];
  });
  const [payer, owner, amount, note] = values;
  if (payer === undefined || owner === undefined || amount === undefined || note === undefined)
    return undefined;
  return { payer, owner, amount, note };
}

/** Reads the arguments of a stored contract. */
export function storedIou(arguments_: Uint8Array): Iou | undefined {
  return readIou(decode('com.daml.ledger.api.v2.Record', arguments_));
}

/** Adds what a verbose format shows of stored arguments: the record's id and the labels. */
export function verbose(
  created: Decoded<'com.daml.ledger.api.v2.CreatedEvent'>,
): Decoded<'com.daml.ledger.api.v2.CreatedEvent'> {
  const { template_id: record_id, create_arguments: stored } = created;
  if (!stored) return created;
  const create_arguments = { ...stored, ...(record_id && { record_id }), ...labelled(stored) };
  return { ...created, create_arguments };
}

/** Returns the fields of stored arguments with their labels. */
export function labelled({ fields }: Pick<Decoded<'com.daml.ledger.api.v2.Record'>, 'fields'>) {
  return { fields: fields.map((field, i) => ({ ...field, label: FIELDS[i] ?? '' })) };
}

/** Creates a contract of the template: signed by the payer, observed by the owner. */
export function createIou(
  template: Template,
  iou: Iou,
  createdAtMicros: number,
  discriminator?: Uint8Array,
): Contract {
  const { payer, owner, amount, note } = iou;
  const fields = [{ party: payer }, { party: owner }, { int64: amount }, { text: note }];
  const contents = {
    template,
    argumentBytes: argumentBytes({ fields: fields.map((value) => ({ value })) }),
    signatories: [payer],
    observers: owner === payer ? [] : [owner],
    maintainers: [],
    createdAtMicros,
  };
  return createContract(contents, discriminator);
}
