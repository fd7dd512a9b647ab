import type { PayloadKey } from '../secrets/payload-keys.js';
import { SealedBytes } from '../secrets/sealed-bytes.js';
import { FolderStore } from './folder.js';
import { ListStore, type BlobStore } from './list-store.js';
import { ReportStore } from './report-store.js';
import { placeOf } from './places.js';
import { SealedStore } from './sealed.js';

/** A list of 100,000 parties with their mappings has about 60 MB. */
const LIST_LIMIT_BYTES = 256 * 1024 * 1024;

/**
 * Opens the list store at a place that {@link placeOf} knows. Contents are compressed, and encrypted if there are keys.
 * What S3 needs is loaded only where it is used.
 */
export function openLists(place: string, keys: readonly PayloadKey[]): ListStore {
  return new ListStore(sealedAt(place, keys));
}

/** Opens the store of reports at the same place, treated in the same way. */
export function openReports(place: string, keys: readonly PayloadKey[]): ReportStore {
  return new ReportStore(sealedAt(place, keys));
}

function sealedAt(place: string, keys: readonly PayloadKey[]): BlobStore {
  return new SealedStore(blobsAt(place), new SealedBytes(keys, LIST_LIMIT_BYTES));
}

function blobsAt(text: string): BlobStore {
  const place = placeOf(text);
  if (place.kind === 'folder') return new FolderStore(place.folder);
  const opening = import('./s3.js').then(({ S3Store }) => new S3Store(place));
  // A failure is reported by whoever uses the store first.
  opening.catch(() => undefined);
  return {
    put: async (name, content) => (await opening).put(name, content),
    get: async (name) => (await opening).get(name),
  };
}
