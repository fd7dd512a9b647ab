import { InvalidDar, readDar, type Dar } from './dar.js';
import { CantonRefusal, deserializationFailure, PlainFailure, shortenIds } from './errors.js';
import { unary, type Service } from './grpc.js';
import { PING_DAR_NAME } from './builtin-packages.js';
import { timestamp } from './ledger/created-event.js';
import type { Ledger } from './ledger/ledger.js';
import type { SynchronizerInfo, TopologyPort } from './node.js';
import type { PackageStore, StoredDar, StoredPackage } from './package-store.js';
import { checkVetting } from './vetting-checks.js';
import type { Decoded, Encodable } from './wire.js';
import { status } from '@grpc/grpc-js';

type Admin = 'com.digitalasset.canton.admin.participant.v30';
type Upload = Decoded<`${Admin}.UploadDarRequest`>;

/** What names a DAR in a request. */
interface Named {
  readonly main_package_id?: string;
}

interface Parts {
  readonly store: PackageStore;
  readonly topology: TopologyPort;
  readonly ledger: Ledger;
}

/** Returns the handlers of the Admin API's PackageService. Source: admin-api 1.12. */
export function packageService(parts: Parts): Service<`${Admin}.PackageService`> {
  const { store } = parts;
  return {
    ListDars: unary((request) => {
      const dars = selected(store.dars(), request).map(describeDar);
      return dars.length > 0 ? { dars } : {};
    }),
    GetDar: unary((request) => {
      const dar = requireDar(store, request, 'getDar');
      return { payload: store.bytes(dar.main), data: describeDar(dar) };
    }),
    GetDarContents: unary((request) => {
      const dar = requireDar(store, request, 'getDarContents');
      const packages = dar.packages.map((id) => store.package(id)).filter((one) => one !== undefined);
      return { description: describeDar(dar), packages: packages.map(describePackage) };
    }),
    ListPackages: unary((request) => ({
      package_descriptions: selected(store.packages(), request).map(describePackage),
    })),
    ValidateDar: unary((request) => validateDar(parts, request)),
    UploadDar: unary((request) => uploadDars(parts, request)),
    VetDar: unary((request) => vetDar(parts, request)),
    UnvetDar: unary((request) => unvetDar(parts, request)),
    RemoveDar: unary((request) => removeDar(parts, request)),
  };
}

function selected<T extends { readonly name: string }>(
  all: readonly T[],
  request: Decoded<`${Admin}.ListDarsRequest` | `${Admin}.ListPackagesRequest`>,
): T[] {
  const limit = Number(request.limit ?? 0);
  const prefix = request.filter_name ?? '';
  const found = all.filter((one) => one.name.startsWith(prefix));
  return limit > 0 ? found.slice(0, limit) : found;
}

function describeDar({
  main,
  name,
  version,
  description,
}: StoredDar): Encodable<`${Admin}.DarDescription`> {
  return { main, name, version, description };
}

function describePackage(one: StoredPackage): Encodable<`${Admin}.PackageDescription`> {
  const { packageId, name, version, bytes, uploadedAtMicros } = one;
  return { package_id: packageId, name, version, uploaded_at: timestamp(uploadedAtMicros), size: bytes };
}

function requireDar(store: PackageStore, request: Named, operation: string): StoredDar {
  const main = mainPackageId(request);
  const dar = store.dar(main);
  if (dar) return dar;
  throw new CantonRefusal({
    id: 'DAR_NOT_FOUND',
    category: 11,
    cause: `${operation} operation failed due to non-existent DAR archive with main package-id ${main}`,
    metadata: { mainPackageId: main, operation },
  });
}

function mainPackageId(request: Named): string {
  const id = request.main_package_id ?? '';
  if (/^[A-Za-z0-9_-]{1,64}$/.test(id)) return id;
  throw new PlainFailure(`Invalid package ID: ${id}`, status.INVALID_ARGUMENT);
}

async function uploadDars(
  { store, topology }: Parts,
  request: Upload,
): Promise<Encodable<`${Admin}.UploadDarResponse`>> {
  const uploads = request.dars;
  const synchronizerId = request.synchronizer_id;
  const vets = request.vet_all_packages === true;
  if (vets && synchronizerId !== undefined) checkSynchronizerId(synchronizerId);

  const parsed = uploads.map((upload) => {
    const bytes = upload.bytes ?? Buffer.alloc(0);
    return { upload, bytes, dar: parse(bytes) };
  });
  for (const { upload, dar } of parsed) checkExpected(upload, dar);
  const synchronizer = vets ? vettingSynchronizer(topology, synchronizerId) : undefined;
  const dar_ids = parsed.map(({ upload, bytes, dar }) => {
    const fallback = `${dar.main.name}-${dar.main.version}`;
    return store.add(bytes, upload.description ?? fallback);
  });
  if (synchronizer) {
    const ids = parsed.flatMap(({ dar }) => dar.packages.map((one) => one.packageId));
    await vet(topology, synchronizer, ids, request.synchronize_vetting === true);
  }
  return dar_ids.length > 0 ? { dar_ids } : {};
}

function parse(bytes: Uint8Array): Dar {
  try {
    return readDar(bytes);
  } catch (error) {
    if (!(error instanceof InvalidDar)) throw error;
    throw new CantonRefusal({
      id: 'INVALID_DAR',
      category: 8,
      cause: 'Dar file is corrupt',
      metadata: { throwable: error.throwable, entries: `List(${error.entries.join(', ')})` },
    });
  }
}

function checkExpected(upload: Upload['dars'][number], dar: Dar): void {
  const expected = upload.expected_main_package_id;
  if (expected === undefined || expected === dar.main.packageId) return;
  throw new CantonRefusal({
    id: 'MAIN_PACKAGE_IN_DAR_DOES_NOT_MATCH_EXPECTED',
    category: 9,
    cause: `The main package-id ${dar.main.packageId} in the DAR does not match the expected package-id ${expected}`,
  });
}

function checkSynchronizerId(id: string): void {
  if (id === '') {
    throw deserializationFailure(
      'ValueConversionError(synchronizer_id,Empty string is not a valid unique identifier.)',
    );
  }
  if (/^[^:]+::[^:]+$/.test(id)) return;
  throw deserializationFailure(
    `ValueConversionError(synchronizer_id,Invalid unique identifier \`${id}\` with missing namespace.)`,
  );
}

/** A dry run of an upload that vets all packages: refuses what that would refuse, and stores and vets nothing. */
function validateDar(
  { store, topology }: Parts,
  request: Decoded<`${Admin}.ValidateDarRequest`>,
): Encodable<`${Admin}.ValidateDarResponse`> {
  const id = request.synchronizer_id;
  if (id !== undefined) checkSynchronizerId(id);
  const { logicalId, physicalId } = vettingSynchronizer(topology, id);
  const { main, packages } = parse(request.data ?? Buffer.alloc(0));
  const vetted = topology.vetted(logicalId);
  const next = new Set([...vetted, ...packages.map((one) => one.packageId)]);
  const forces = new Set<string>();
  checkVetting({ psid: physicalId }, { vetted, next, ...store.forVetting(packages), forces });
  return { main_package_id: main.packageId };
}

/** The synchronizer to vet on: the one named, or the only one connected. */
function vettingSynchronizer(topology: TopologyPort, id: string | undefined): SynchronizerInfo {
  const connected = topology.connected();
  if (id !== undefined) {
    const found = connected.find((one) => one.logicalId === id || one.physicalId === id);
    if (found) return found;
    throw new CantonRefusal({
      id: 'PACKAGE_SERVICE_NOT_CONNECTED_TO_SYNCHRONIZER',
      category: 9,
      cause: shortenIds(`Not connected to synchronizer ${id}`),
      metadata: { synchronizerId: shortenIds(id) },
    });
  }
  const [only, ...others] = connected;
  if (only && others.length === 0) return only;
  const why = only
    ? 'multiple synchronizers currently connected'
    : 'no synchronizers currently connected';
  const names = connected.map((one) => shortenIds(one.physicalId)).join(', ');
  throw new CantonRefusal({
    id: 'PACKAGE_SERVICE_CANNOT_AUTODETECT_SYNCHRONIZER',
    category: 9,
    cause: `Cannot autodetect synchronizer: ${why}`,
    metadata: { synchronizers: `List(${names})` },
  });
}

/** Vetting is one mapping of all packages: what is vetted already stays in it. */
async function vet(
  topology: TopologyPort,
  { logicalId }: SynchronizerInfo,
  ids: readonly string[],
  wait: boolean,
): Promise<void> {
  const current = topology.vetted(logicalId);
  if (ids.every((id) => current.has(id))) return;
  await topology.vet(logicalId, [...new Set([...current, ...ids])], { wait });
}

async function vetDar(
  { store, topology }: Parts,
  request: Decoded<`${Admin}.VetDarRequest`>,
): Promise<object> {
  const dar = requireDar(store, request, 'vetDar');
  const id = request.synchronizer_id;
  if (id !== undefined) checkSynchronizerId(id);
  await vet(topology, vettingSynchronizer(topology, id), dar.packages, request.synchronize === true);
  return {};
}

async function unvetDar(
  { store, topology }: Parts,
  request: Decoded<`${Admin}.UnvetDarRequest`>,
): Promise<object> {
  const dar = requireDar(store, request, 'unvetDar');
  const id = request.synchronizer_id;
  if (id !== undefined) checkSynchronizerId(id);
  await unvet(topology, vettingSynchronizer(topology, id), dar.packages);
  return {};
}

/** All of them, also what other DARs need, unless the first, the main one, is not vetted. Source: admin-api 1.12. */
async function unvet(
  topology: TopologyPort,
  { logicalId }: SynchronizerInfo,
  ids: readonly string[],
): Promise<void> {
  const current = topology.vetted(logicalId);
  if (!current.has(ids[0] ?? '')) return;
  const kept = [...current].filter((one) => !ids.includes(one));
  await topology.vet(logicalId, kept, { wait: false, allowsUnvettedDependencies: true });
}

async function removeDar({ store, topology, ledger }: Parts, request: Named): Promise<object> {
  const dar = requireDar(store, request, 'removeDar');
  const shown = `DarDescription(dar-id = ${dar.main.slice(0, 12)}..., name = ${dar.name}, version = ${dar.version}, description = ${dar.description})`;
  const refuse = (reason: string) =>
    new CantonRefusal({
      id: 'PACKAGE_OR_DAR_REMOVAL_ERROR',
      category: 9,
      cause: `The DAR ${shown} cannot be removed because its main package ${dar.main} ${reason}`,
      metadata: { pkg: dar.main },
    });

  if (dar.name === PING_DAR_NAME) throw refuse('is required by the admin workflow');
  const inUse = ledger.activeOfPackage(dar.main);
  if (inUse) {
    const { contractId, synchronizerId } = inUse;
    throw refuse(
      `is in-use by contract ContractId(${contractId})\non synchronizer ${shortenIds(synchronizerId)}.`,
    );
  }
  // What other DARs have as well stays.
  const others = new Set(store.dars().flatMap((one) => (one === dar ? [] : one.packages)));
  const ofThis = dar.packages.filter((id) => id === dar.main || !others.has(id));
  for (const one of topology.connected()) await unvet(topology, one, ofThis);
  const stillVetted = topology.registered().find((one) => topology.vetted(one.logicalId).has(dar.main));
  if (stillVetted)
    throw refuse(`is currently vetted on synchronizer ${shortenIds(stillVetted.logicalId)}`);
  store.remove(dar.main);
  return {};
}
