import { CantonRefusal } from '../errors.js';
import { unary, type Services } from '../grpc.js';
import { InvalidDar, readDar } from '../dar.js';
import { multihash } from './keys.js';
import type { Participant210 } from './participant.js';

/** A DAR with what is known of it. */
export interface StoredDar {
  readonly hash: string;
  readonly name: string;
  readonly bytes: Buffer;
  readonly main: string;
  readonly packages: readonly string[];
}

const PURPOSE_DAR = 13;

export function packageServices(node: Participant210): Services {
  return {
    'com.digitalasset.canton.participant.admin.v0.PackageService': {
      ListDars: unary(() => ({
        dars: [...node.dars.values()].map(({ hash, name }) => ({ hash, name })),
      })),
      GetDar: unary(({ hash = '' }) => {
        const dar = node.dars.get(hash);
        return dar ? { data: dar.bytes, name: dar.name } : {};
      }),
      UploadDar: unary(({ data, filename = '', vet_all_packages }) => {
        const dar = parseDar(Buffer.from(data ?? []), strippedTwice(filename));
        // The first name stays.
        if (!node.dars.has(dar.hash)) node.dars.set(dar.hash, dar);
        if (vet_all_packages === true)
          node.authorize({ vetted_packages: { participant: node.uid, package_ids: [...dar.packages] } });
        return { success: { hash: dar.hash } };
      }),
      ValidateDar: unary(({ data, filename = '' }) => ({
        hash: parseDar(Buffer.from(data ?? []), filename).hash,
      })),
      ListPackages: unary(() => ({
        package_descriptions: [
          ...new Map(
            [...node.dars.values()].flatMap((dar) =>
              dar.packages.map((id) => [id, { package_id: id, source_description: dar.name }] as const),
            ),
          ).values(),
        ],
      })),
      ListDarContents: unary(({ dar_id = '' }) => {
        const dar = node.dars.get(dar_id);
        if (!dar)
          throw new CantonRefusal({
            id: 'DAR_NOT_FOUND',
            category: 11,
            cause: `DAR ${dar_id} not found`,
          });
        const { name, main, packages } = dar;
        return { description: name, main, packages: [...packages], dependencies: packages.slice(1) };
      }),
      RemoveDar: unary(({ dar_hash = '' }) => {
        const dar = node.dars.get(dar_hash);
        const isUsed = [...node.contracts.values()].some(
          ({ state, template }) => state === 'active' && dar?.packages.includes(template.package_id),
        );
        if (isUsed)
          throw new CantonRefusal({
            id: 'PACKAGE_OR_DAR_REMOVAL_ERROR',
            category: 9,
            cause: `The DAR ${dar_hash} cannot be removed because its main package is in-use`,
          });
        node.dars.delete(dar_hash);
        return { success: {} };
      }),
    },
  };
}

/** Source: canton-2.10 H, item 14. */
function strippedTwice(filename: string): string {
  const once = filename.replace(/\.[^.]*$/, '');
  return once.replace(/\.[^.]*$/, '');
}

export function parseDar(bytes: Buffer, name: string): StoredDar {
  try {
    const { main, packages } = readDar(bytes);
    const hash = multihash(PURPOSE_DAR, bytes);
    const ids = packages.map(({ packageId }) => packageId);
    return { hash, name, bytes, main: main.packageId, packages: ids };
  } catch (error) {
    if (!(error instanceof InvalidDar)) throw error;
    throw new CantonRefusal({ id: 'INVALID_DAR', category: 8, cause: 'Dar file is corrupt' });
  }
}
