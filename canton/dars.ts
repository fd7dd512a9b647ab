import { createHash } from 'node:crypto';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';

const MANIFEST = 'META-INF/MANIFEST.MF';

/** Unpacked, of all DARs together: more is none that a participant takes. */
const UNPACKED_LIMIT_BYTES = 512 * 1024 * 1024;

/** A line of a manifest has 72 bytes; the ones that continue it begin with a blank. */
const LINE_LENGTH = 70;

/**
 * Returns one DAR with the packages of all of these, and the main package of the first: what a participant says to it
 * in a dry run it says to all of them vetted together. Fails with a plain `Error` on what is no DAR.
 */
export function combineDars(dars: readonly Uint8Array[]): Uint8Array {
  const packages = new Map<string, { path: string; bytes: Uint8Array }>();
  let main: string | undefined;
  let left = UNPACKED_LIMIT_BYTES;
  dars.forEach((dar, at) => {
    const entries = unzipSync(dar, {
      filter: ({ originalSize }) => {
        left -= originalSize;
        if (left < 0) throw new Error(`the DARs have more than ${UNPACKED_LIMIT_BYTES} bytes unpacked`);
        return true;
      },
    });
    const fields = fieldsOf(entries[MANIFEST]);
    for (const path of pathsOf(fields)) {
      const bytes = entries[path];
      if (!bytes) throw new Error(`the DAR lacks ${path}, which its manifest names`);
      const id = createHash('sha256').update(bytes).digest('hex');
      if (!packages.has(id)) packages.set(id, { path: `${at}/${path}`, bytes });
      if (at === 0 && path === fields.get('Main-Dalf')) main = packages.get(id)!.path;
    }
  });
  if (main === undefined) throw new Error('the manifest of the DAR names no main package');
  const files = [...packages.values()];
  const manifest = manifestOf(
    main,
    files.map(({ path }) => path),
  );
  return zipSync({
    [MANIFEST]: strToU8(manifest),
    ...Object.fromEntries(files.map(({ path, bytes }) => [path, bytes])),
  });
}

function fieldsOf(manifest: Uint8Array | undefined): Map<string, string> {
  if (!manifest) throw new Error(`the DAR has no ${MANIFEST}`);
  const lines = strFromU8(manifest)
    .replace(/\r?\n /g, '')
    .split(/\r?\n/);
  return new Map(
    lines.flatMap((line) => {
      const [, name, value] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value.trim()] as const];
    }),
  );
}

function pathsOf(fields: ReadonlyMap<string, string>): string[] {
  return (fields.get('Dalfs') ?? '').split(',').map((path) => path.trim());
}

function manifestOf(main: string, paths: string[]): string {
  const lines = [
    'Manifest-Version: 1.0',
    'Format: daml-lf',
    `Dalfs: ${paths.join(', ')}`,
    `Main-Dalf: ${main}`,
    'Sdk-Version: 0.0.0',
    'Encryption: non-encrypted',
  ];
  const folded = lines.map((line) => line.match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g'))!.join('\r\n '));
  return `${folded.join('\r\n')}\r\n\r\n`;
}
