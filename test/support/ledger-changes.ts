import { createContract, decodeBlob, type Contract } from '../../sandbox/ledger/contract.js';
import { blobOf } from '../../sandbox/ledger/contract-file.js';
import { argumentBytes } from '../../sandbox/ledger/created-event.js';
import type { ParticipantView } from '../../sandbox/index.js';

/** What others do to the contracts of a node while a migration runs, beside every API that the migration uses. */
export interface NewContract {
  /** The first one signs, the others observe. */
  parties: readonly string[];
  /** Logical id; of the first synchronizer the node is registered with if left out. */
  synchronizerId?: string;
  packageName?: string;
  reassignmentCounter?: number;
  /** Of the update that creates it: an import call gives it one. */
  workflowId?: string;
}

/** Creates one contract on a node and returns its id. */
export function createContractOn(view: ParticipantView, wanted: NewContract): string {
  const [payer = '', ...others] = wanted.parties;
  const found = view.ledger.packages.newest(wanted.packageName ?? 'lab-iou');
  const [moduleName, entityName] = found?.strings ?? [];
  if (!found || !moduleName || !entityName) throw new Error('the node lacks the package');
  const contract = createContract({
    template: { packageId: found.packageId, moduleName, entityName, packageName: found.name },
    argumentBytes: iou(payer, others[0] ?? payer, '1'),
    signatories: [payer],
    observers: [...others].sort(),
    maintainers: [],
    createdAtMicros: Date.now() * 1000,
  });
  place(view, contract, wanted);
  return contract.contractId;
}

/** Ends a contract on a node, as a repair would. */
export function removeContract(view: ParticipantView, contractId: string): void {
  const { ledger } = view.ledger;
  const slot = slotOf(view, contractId);
  const { synchronizerId } = ledger.index.row(slot);
  ledger.commit([{ synchronizerId, ended: [{ slot, end: 'purged' }] }]);
}

/** Puts a contract of the same id and another amount in the place of one. */
export function alterContract(view: ParticipantView, contractId: string): void {
  const contract = decodeBlob(blobOf(view.ledger.ledger.read(slotOf(view, contractId))));
  const [payer = '', owner = payer] = [...contract.signatories, ...contract.observers];
  removeContract(view, contractId);
  place(view, { ...contract, argumentBytes: iou(payer, owner, '1000000') }, { parties: [] });
}

/** Exchanges the contents of two contracts of a node; their ids stay. */
export function swapContracts(view: ParticipantView, one: string, other: string): void {
  const [first, second] = [one, other].map((id) =>
    decodeBlob(blobOf(view.ledger.ledger.read(slotOf(view, id)))),
  );
  if (!first || !second) throw new Error('expected two contracts');
  for (const id of [one, other]) removeContract(view, id);
  place(view, { ...first, contractId: other }, { parties: [] });
  place(view, { ...second, contractId: one }, { parties: [] });
}

/** Puts a contract of one node onto a synchronizer of another one, as an import of an earlier migration did. */
export function copyContract(
  from: ParticipantView,
  contractId: string,
  to: { view: ParticipantView; synchronizerId: string },
): void {
  const contract = decodeBlob(blobOf(from.ledger.ledger.read(slotOf(from, contractId))));
  place(to.view, contract, { parties: [], synchronizerId: to.synchronizerId });
}

/** What somebody does to one contract of a node, behind everybody's back. */
export const CONTRACT_CHANGES = ['removed', 'added', 'altered'] as const;

/** Removes, adds or alters a contract of `party`; returns what puts everything back as it was. */
export function changeContract(
  view: ParticipantView,
  change: (typeof CONTRACT_CHANGES)[number],
  party: string,
): () => void {
  if (change === 'added') {
    const added = createContractOn(view, { parties: [party] });
    return () => removeContract(view, added);
  }
  const contractId = view.contracts().find((id) => stakeholdersOf(view, id).includes(party));
  if (contractId === undefined) throw new Error(`${view.name} has no contract of ${party}`);
  const contract = decodeBlob(blobOf(view.ledger.ledger.read(slotOf(view, contractId))));
  if (change === 'removed') removeContract(view, contractId);
  else alterContract(view, contractId);
  return () => {
    if (change === 'altered') removeContract(view, contractId);
    place(view, contract, { parties: [] });
  };
}

/** Signatories and observers of a contract, in order. */
export function stakeholdersOf(view: ParticipantView, contractId: string): string[] {
  return [...view.ledger.ledger.index.stakeholders(slotOf(view, contractId)).all].sort();
}

function slotOf(view: ParticipantView, contractId: string): number {
  const slot = view.ledger.ledger.find(contractId);
  if (slot === undefined) throw new Error(`${view.name} never had contract ${contractId}`);
  return slot;
}

function iou(payer: string, owner: string, amount: string): Uint8Array {
  const values = [{ party: payer }, { party: owner }, { int64: amount }, { text: 'by hand' }];
  return argumentBytes({ fields: values.map((value) => ({ value })) });
}

function place(
  view: ParticipantView,
  contract: Contract,
  { reassignmentCounter = 0, ...wanted }: NewContract,
): void {
  const { ledger } = view.ledger;
  const [first] = view.participant.node.port.registered();
  const synchronizerId = wanted.synchronizerId ?? first?.logicalId ?? '';
  const representativePackageId = contract.template.packageId;
  ledger.append(contract, { synchronizerId, representativePackageId, reassignmentCounter });
  const { workflowId = '' } = wanted;
  ledger.commit([{ synchronizerId, created: 1, workflowId }]);
}
