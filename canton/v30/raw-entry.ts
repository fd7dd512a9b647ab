import type { ActiveContractSummary, IncompleteReassignment } from '../../model/participant.js';
import { eachField } from './raw-transaction.js';

/** What one answer of `GetActiveContracts` says. */
export interface RawEntry {
  /** None where the stream of 3.5 ends with a continuation token alone. */
  entry?: ActiveContractSummary | IncompleteReassignment;
  /** Of its contract: signatories and observers, unique. */
  stakeholders: string[];
  /** Empty before 3.5. */
  continuationToken: Uint8Array;
}

interface Created {
  contractId: string;
  packageId: string;
  representativePackageId: string;
  stakeholders: string[];
  /** Decimal int64. */
  offset: string;
}

interface Active {
  created: Created;
  synchronizerId: string;
  /** Decimal uint64. */
  reassignmentCounter: string;
}

const NOTHING: Uint8Array = new Uint8Array();

/**
 * Reads an answer of `GetActiveContracts`.
 *
 * By hand: contracts come by the million, and as a message each would be read with all its payload.
 * Source: proto GetActiveContractsResponse; proto CreatedEvent.
 */
export function readEntry(answer: Uint8Array): RawEntry {
  let workflowId = '';
  let active: Active | undefined;
  let incomplete: Created | undefined;
  let continuationToken = NOTHING;
  // A part of a Buffer takes several times as long to make.
  const bytes = new Uint8Array(answer.buffer, answer.byteOffset, answer.length);
  eachField(bytes, (field, reader) => {
    // Of these the last one counts.
    if (field === 2 || field === 3 || field === 4) active = incomplete = undefined;
    if (field === 1) workflowId = reader.string(true);
    else if (field === 2) active = activeIn(reader.bytes());
    else if (field === 3) incomplete = createdAt([1], reader.bytes());
    else if (field === 4) incomplete = createdAt([1, 6], reader.bytes());
    else if (field === 5) continuationToken = reader.bytes();
    else return false;
    return true;
  });
  const { entry, stakeholders } = entryOf(active, incomplete, workflowId);
  return entry ? { entry, stakeholders, continuationToken } : { stakeholders, continuationToken };
}

function entryOf(
  active: Active | undefined,
  incomplete: Created | undefined,
  workflowId: string,
): Omit<RawEntry, 'continuationToken'> {
  if (active) {
    const { created, synchronizerId, reassignmentCounter } = active;
    const { contractId, packageId, representativePackageId, stakeholders, offset } = created;
    const entry = {
      contractId,
      packageId,
      representativePackageId,
      stakeholders,
      synchronizerId,
      reassignmentCounter,
      workflowId,
      createdAtOffset: offset,
    };
    return { entry, stakeholders };
  }
  if (!incomplete) return { stakeholders: [] };
  const { contractId: incompleteReassignmentOf, stakeholders } = incomplete;
  return { entry: { incompleteReassignmentOf }, stakeholders };
}

function activeIn(bytes: Uint8Array): Active {
  let created = NOTHING;
  let [synchronizerId, reassignmentCounter] = ['', '0'];
  eachField(bytes, (field, reader) => {
    if (field === 1) created = reader.bytes();
    else if (field === 2) synchronizerId = reader.string(true);
    else if (field === 3) reassignmentCounter = reader.uint64().toString();
    else return false;
    return true;
  });
  return { created: createdIn(created), synchronizerId, reassignmentCounter };
}

/** The created event that fields of these numbers lead to, one in the other; one without a value if there is none. */
function createdAt(path: readonly number[], bytes: Uint8Array): Created {
  return createdIn(path.reduce((outer, wanted) => lastField(wanted, outer), bytes));
}

/** The value of a message or text. */
function lastField(wanted: number, bytes: Uint8Array): Uint8Array {
  let found = NOTHING;
  eachField(bytes, (field, reader) => {
    if (field !== wanted) return false;
    found = reader.bytes();
    return true;
  });
  return found;
}

function createdIn(event: Uint8Array): Created {
  let [contractId, packageId, representativePackageId, offset] = ['', '', '', '0'];
  const [signatories, observers]: [string[], string[]] = [[], []];
  eachField(event, (field, reader) => {
    if (field === 1) offset = reader.int64().toString();
    else if (field === 3) contractId = reader.string(true);
    else if (field === 4) packageId = packageIn(reader.bytes());
    else if (field === 10) signatories.push(reader.string(true));
    else if (field === 11) observers.push(reader.string(true));
    else if (field === 15) representativePackageId = reader.string(true);
    else return false;
    return true;
  });
  const stakeholders = [...new Set(signatories.concat(observers))];
  return { contractId, packageId, representativePackageId, stakeholders, offset };
}

/** Of an identifier. */
function packageIn(identifier: Uint8Array): string {
  let packageId = '';
  eachField(identifier, (field, reader) => {
    if (field !== 1) return false;
    packageId = reader.string(true);
    return true;
  });
  return packageId;
}
