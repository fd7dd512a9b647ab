import { CantonRefusal, PlainFailure } from '../errors.js';
import { clientStream, serverStream, unary, type Service, type Services } from '../grpc.js';
import type { Decoded } from '../wire.js';
import {
  importError,
  readSnapshot,
  snapshotOf,
  type Contract,
  type ImportedRecord,
} from './contracts.js';
import type { DomainEntry, Participant210 } from './participant.js';
import { packagesOf } from './topology-service.js';

const CHUNK_BYTES = 2 * 1024 * 1024;
const BATCH = 1_000;
const VERSIONS = [5, 7];

export function repairServices(node: Participant210): Services {
  return {
    'com.digitalasset.canton.participant.admin.v0.ParticipantRepairService': repair(node),
    'com.digitalasset.canton.participant.admin.v0.InspectionService': inspection(node),
  };
}

function repair(
  node: Participant210,
): Service<'com.digitalasset.canton.participant.admin.v0.ParticipantRepairService'> {
  return {
    ExportAcs: serverStream(async function* (request) {
      const { parties = [], filter_domain_id = '', contract_domain_renames: renames = {} } = request;
      const contracts = node.activeOf(new Set(parties), filter_domain_id);
      const gzip = exportOf(node, contracts, renames);
      for (let at = 0; at < gzip.length; at += CHUNK_BYTES)
        yield { chunk: gzip.subarray(at, at + CHUNK_BYTES) };
    }),
    ImportAcs: clientStream(async (requests) => {
      const chunks: Buffer[] = [];
      let header: string | undefined;
      let prefix = '';
      let onboarded: readonly string[] = [];
      for await (const request of requests) {
        const { acs_snapshot, workflow_id_prefix = '', onboarded_parties = [] } = request;
        const its = JSON.stringify([workflow_id_prefix, onboarded_parties]);
        if (header !== undefined && its !== header)
          throw new PlainFailure(
            `Cannot override \`${prefix}\` with parsed \`${workflow_id_prefix}\``,
            2,
          );
        [header, prefix, onboarded] = [its, workflow_id_prefix, onboarded_parties];
        chunks.push(Buffer.from(acs_snapshot ?? []));
      }
      if (node.jammed !== undefined) throw new PlainFailure(node.jammed, 2);
      const records = readSnapshot(Buffer.concat(chunks));
      importAll(node, records, { prefix, onboarded: new Set(onboarded) });
      return {};
    }),
    PurgeContracts: unary(({ domain = '', contract_ids = [], ignore_already_purged }) => {
      if (node.jammed !== undefined) throw new PlainFailure(node.jammed, 2);
      if (!node.domains.some(({ alias }) => alias === domain))
        throw new CantonRefusal({
          id: 'CONTRACT_PURGE_ERROR',
          category: 9,
          cause: `Could not find ${domain}`,
        });
      for (const id of contract_ids) {
        const contract = node.contracts.get(id);
        if (contract?.state === 'active') contract.state = 'purged';
        else if (ignore_already_purged !== true)
          throw new CantonRefusal({
            id: 'CONTRACT_PURGE_ERROR',
            category: 9,
            cause: `unknown contract ${id}`,
          });
      }
      return {};
    }),
  };
}

function inspection(
  node: Participant210,
): Service<'com.digitalasset.canton.participant.admin.v0.InspectionService'> {
  return {
    CountInFlight: unary(() => ({ pending_submissions: 0, pending_transactions: 0 })),
    LookupContractDomain: unary(({ contract_id = [] }) => ({
      results: Object.fromEntries(
        contract_id.flatMap((id) => {
          const contract = node.contracts.get(id);
          const entry = node.domains.find(({ domain }) => domain.id === contract?.domain);
          return contract?.state === 'active' && entry ? [[id, entry.alias]] : [];
        }),
      ),
    })),
  };
}

type Renames =
  Decoded<'com.digitalasset.canton.participant.admin.v0.ExportAcsRequest'>['contract_domain_renames'];

/** Of the one domain that has any of them; a rename of another domain is ignored. */
function exportOf(node: Participant210, contracts: readonly Contract[], renames: Renames): Buffer {
  const byDomain = node.domains.map(({ domain }) => {
    const rename = renames?.[domain.id];
    const wanted = rename?.protocol_version ?? domain.protocolVersion;
    if (rename && !VERSIONS.includes(wanted)) throw unsupported(wanted);
    const its = contracts.filter((contract) => contract.domain === domain.id);
    const place = { domain: rename?.domain_id ?? domain.id, protocolVersion: wanted };
    return { its, place };
  });
  const [found] = byDomain.filter(({ its }) => its.length > 0);
  return snapshotOf(found?.its ?? [], found?.place ?? { domain: '', protocolVersion: 7 });
}

interface Importing {
  readonly prefix: string;
  readonly onboarded: ReadonlySet<string>;
}

/** Batch by batch: one that fails leaves the others as they are. Source: canton-2.10 H, items 4 and 11. */
function importAll(node: Participant210, records: readonly ImportedRecord[], how: Importing): void {
  if (records.some(({ id }) => !node.contracts.has(id)) && !/^[\w.:#/ -]*$/.test(how.prefix)) {
    node.jammed = `Daml-LF ledger string expected, found "${how.prefix}"`;
    throw new PlainFailure(node.jammed, 2);
  }
  let failure: Error | undefined;
  for (let at = 0; at < records.length; at += BATCH) {
    try {
      importBatch(node, records.slice(at, at + BATCH), how);
    } catch (error) {
      failure ??= error instanceof Error ? error : new Error(String(error));
    }
  }
  if (failure) throw failure;
}

function importBatch(node: Participant210, batch: readonly ImportedRecord[], how: Importing): void {
  for (const record of batch) checkRecord(node, record);
  for (const record of batch) {
    const known = node.contracts.get(record.id);
    if (known?.state === 'active') continue;
    const { domain, ...contract } = record;
    const hasKey =
      record.key === undefined || record.maintainers.some((party) => how.onboarded.has(party));
    node.contracts.set(record.id, {
      ...contract,
      domain,
      state: 'active',
      isPublished: false,
      isInvisible: known?.state === 'purged',
      hasKey,
      workflowId: `${how.prefix}-0-0`,
    });
  }
}

function checkRecord(node: Participant210, record: ImportedRecord): void {
  const entry = entryOf(node, record.domain);
  if (!entry) throw importError(`Not able to find domain alias for ${record.domain}`);
  if (entry.isConnected) throw importError(`Participant is still connected to domain ${record.domain}`);
  if (!packagesOf(node).has(record.template.package_id))
    throw importError(`Failed to locate package ${record.template.package_id}`);
  const known = node.contracts.get(record.id);
  if (known?.state === 'archived')
    throw importError(
      `Cannot add previously archived contract ContractId(${record.id}) as archived contracts cannot become active`,
    );
  if (known?.state === 'active' && !known.bytes.equals(record.bytes))
    throw importError(`Contract ${record.id} exists in domain, but differs from contract to be created`);
}

function entryOf(node: Participant210, domain: string): DomainEntry | undefined {
  return node.domains.find((its) => its.domain.id === domain);
}

function unsupported(version: number): CantonRefusal {
  return new CantonRefusal({
    id: 'INVALID_ARGUMENT_REPAIR',
    category: 8,
    cause: `Unsupported protocol version ${version}, supported are 5, 7, dev`,
  });
}
