import { decode, type Decoded, type Encodable } from '../wire.js';
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

/** The arguments of a contract with the names of the record and of its fields. */
export function labelled(
  { fields = [] }: Encodable<'com.daml.ledger.api.v2.Record'>,
  record_id: Encodable<'com.daml.ledger.api.v2.Identifier'> | null | undefined,
): Encodable<'com.daml.ledger.api.v2.Record'> {
  return { record_id, fields: fields.map((field, n) => ({ ...field, label: FIELDS[n] })) };
}

/** Reads the arguments of a stored contract. */
export function storedIou(arguments_: Uint8Array): Iou | undefined {
  return readIou(decode('com.daml.ledger.api.v2.Record', arguments_));
}

/** Creates a contract of the template: signed by the payer, observed by the owner. */
export function createIou(template: Template, iou: Iou, createdAtMicros: number): Contract {
  const { payer, owner, amount, note } = iou;
  const fields = [{ party: payer }, { party: owner }, { int64: amount }, { text: note }];
  return createContract({
    template,
    argumentBytes: argumentBytes({ fields: fields.map((value) => ({ value })) }),
    signatories: [payer],
    observers: owner === payer ? [] : [owner],
    maintainers: [],
    createdAtMicros,
  });
}
