import { deserializationFailure, fieldNotSet } from '../errors.js';
import type { Decoded } from '../wire.js';

/** As on the wire. */
export type ImportMessage = Decoded<'com.digitalasset.canton.admin.participant.v30.ImportAcsRequest'>;

/** What the first message of an `ImportAcs` says besides the bytes. */
export interface ImportRequest {
  /** Logical id. */
  readonly synchronizerId: string;
  readonly mode: 'ACCEPT' | 'VALIDATION';
  readonly workflowIdPrefix: string;
  readonly excludedStakeholders: ReadonlySet<string>;
  readonly overrides: {
    readonly byContract: Readonly<Record<string, string>>;
    readonly byPackage: Readonly<Record<string, string>>;
    readonly byName: Readonly<Record<string, string>>;
  };
}

/** Reads the metadata of the first message; refuses it with `PROTO_DESERIALIZATION_FAILURE`. */
export function readImportRequest(first: ImportMessage): ImportRequest {
  const mode = readMode(first.contract_import_mode);
  const synchronizerId = first.synchronizer_id;
  if (synchronizerId === undefined) throw fieldNotSet('synchronizer_id');
  checkLogicalId(synchronizerId);
  const overrides = first.representative_package_id_override;
  return {
    synchronizerId,
    mode,
    workflowIdPrefix: first.workflow_id_prefix || `import-${crypto.randomUUID()}`,
    excludedStakeholders: new Set(first.excluded_stakeholder_ids),
    overrides: {
      byContract: overrides?.contract_override ?? {},
      byPackage: overrides?.package_id_override ?? {},
      byName: overrides?.package_name_override ?? {},
    },
  };
}

function readMode(value: ImportMessage['contract_import_mode']): ImportRequest['mode'] {
  if (value === undefined || value === 'CONTRACT_IMPORT_MODE_UNSPECIFIED') {
    throw fieldNotSet('contract_import_mode');
  }
  if (value === 'CONTRACT_IMPORT_MODE_ACCEPT') return 'ACCEPT';
  if (value === 'CONTRACT_IMPORT_MODE_VALIDATION') return 'VALIDATION';
  throw deserializationFailure(`UnrecognizedEnum(UNRECOGNIZED,${Number(value)},List())`);
}

function checkLogicalId(id: string): void {
  if (/^[^:]+::[0-9A-Za-z_-]+$/.test(id)) return;
  throw deserializationFailure(`ValueConversionError(synchronizer_id,${idProblem(id)})`);
}

/** Says why a text is no `name::fingerprint`, in Canton's words. */
export function idProblem(id: string): string {
  if (id === '') return 'Empty string is not a valid unique identifier.';
  const at = id.indexOf('::');
  if (at < 0) return `Invalid unique identifier \`${id}\` with missing namespace.`;
  if (id.indexOf('::', at + 2) >= 0) {
    return `Fingerprint decoding of \`${id}\` failed with: StringConversionError(String contains reserved delimiter \`::\`.,None)`;
  }
  return `Fingerprint decoding of \`${id}\` failed with: StringConversionError(Empty string,None)`;
}
