import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** A bucket of S3, or of a store that speaks its protocol. */
export interface BucketPlace {
  kind: 's3';
  bucket: string;
  /** Of the names of the objects, without a slash at its end; may be empty. */
  prefix: string;
  region?: string;
  endpoint?: string;
  /** Whether the bucket is in the path of the URL, not in the name of the host: so with most stores but that of AWS. */
  isPathStyle: boolean;
}

/** Where long lists are kept. */
export type ListPlace = { kind: 'folder'; folder: string } | BucketPlace;

const BUCKET_OPTIONS = ['region', 'endpoint', 'pathStyle'];

/**
 * Reads where lists are kept: a folder, or `s3://<bucket>/<prefix>?region=<region>&endpoint=<url>&pathStyle=true`.
 * Fails with what is wrong about it.
 */
export function placeOf(text: string, relativeTo = process.cwd()): ListPlace {
  if (!text.startsWith('s3:')) {
    if (/^[a-z0-9]+:\/\//i.test(text))
      throw new Error(`found ${text}, expected a folder or s3://<bucket>/<prefix>`);
    return { kind: 'folder', folder: resolve(relativeTo, text) };
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url?.hostname || url.username !== '' || url.password !== '')
    throw new Error(
      'found an s3 URL without a bucket, or with credentials, expected s3://<bucket>/<prefix>',
    );
  const unknown = [...url.searchParams.keys()].filter((name) => !BUCKET_OPTIONS.includes(name));
  if (unknown.length > 0)
    throw new Error(`found ${unknown.join(', ')} in the s3 URL, expected ${BUCKET_OPTIONS.join(', ')}`);
  const [region, endpoint] = [url.searchParams.get('region'), url.searchParams.get('endpoint')];
  return {
    kind: 's3',
    bucket: url.hostname,
    prefix: decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, ''),
    ...(region !== null && { region }),
    ...(endpoint !== null && { endpoint }),
    isPathStyle: url.searchParams.get('pathStyle') === 'true',
  };
}

/** Returns where exports are kept if nothing else is configured. */
export function defaultSpool(environment: NodeJS.ProcessEnv): string {
  return join(stateFolder(environment), 'spool');
}

/**
 * Returns where long lists are kept if nothing else is configured: where worker and client of one machine find them.
 * Beside the spool, never in it, wherever that is: a spool is a cache, and a list exists nowhere else.
 */
export function defaultListFolder(environment: NodeJS.ProcessEnv): string {
  return join(stateFolder(environment), 'lists');
}

function stateFolder(environment: NodeJS.ProcessEnv): string {
  const state = environment['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state');
  return join(state, 'canton-migrate');
}
