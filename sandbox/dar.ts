import { createHash } from 'node:crypto';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import protobuf from 'protobufjs';
import { cutShort, DamagedBytes, reading } from './wire.js';

const { Reader, Writer } = protobuf;

/** One package of a DAR. */
export interface DarPackage {
  /** SHA-256 of the archive payload, hex. */
  readonly packageId: string;
  readonly name: string;
  readonly version: string;
  /** Bytes of the payload. */
  readonly bytes: number;
  /** Every string of the package: module, template, field and choice names among them. */
  readonly strings: readonly string[];
  /** Names of its modules: an upgrade has to have all of them. */
  readonly modules: readonly string[];
}

/** A parsed DAR. */
export interface Dar {
  readonly main: DarPackage;
  /** The main package first. */
  readonly packages: readonly DarPackage[];
}

/** Says what is wrong with the bytes, as Canton puts it into the error metadata. */
export class InvalidDar extends Error {
  constructor(
    readonly throwable: string,
    readonly entries: readonly string[],
  ) {
    super(throwable);
  }
}

/** Parses a DAR; throws `InvalidDar`. The package ids are those that Canton computes. */
export function readDar(bytes: Uint8Array): Dar {
  const entries = unzip(bytes);
  const manifest = entries['META-INF/MANIFEST.MF'];
  if (!manifest) {
    const content = `[${Object.keys(entries).join(', ')}}]`;
    throw new InvalidDar(
      `com.digitalasset.daml.lf.archive.Error$InvalidZipEntry: Invalid zip entryName: META-INF/MANIFEST.MF, DAR: unknown-file-name, content: ${content}`,
      Object.keys(entries),
    );
  }
  const fields = manifestFields(strFromU8(manifest));
  const mainPath = fields.get('Main-Dalf') ?? '';
  const paths = (fields.get('Dalfs') ?? '').split(/\s*,\s*/).filter((path) => path !== mainPath);
  const packages = [mainPath, ...paths].filter(Boolean).map((path) => {
    const entry = entries[path];
    if (!entry) throw new InvalidDar(`Invalid zip entryName: ${path}`, Object.keys(entries));
    return readDalf(entry);
  });
  const [main] = packages;
  if (!main)
    throw new InvalidDar('com.digitalasset.daml.lf.archive.Error$DarParseError', Object.keys(entries));
  return { main, packages };
}

function unzip(bytes: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes);
  } catch {
    return {};
  }
}

function manifestFields(text: string): Map<string, string> {
  const lines = text.replace(/\r?\n /g, '').split(/\r?\n/);
  return new Map(
    lines
      .map((line) => /^([^:]+):\s*(.*)$/.exec(line))
      .filter((match) => match !== null)
      .map((match) => [match[1] ?? '', match[2] ?? '']),
  );
}

/** `Archive {3 payload, 4 hash}`; payload `{3 minor version, 4 package}`. */
function readDalf(bytes: Uint8Array): DarPackage {
  const parse = (): DarPackage => {
    const payload = field(bytes, 3);
    const contents = field(payload, 4);
    const strings: string[] = [];
    const [dotted, moduleNames]: [number[][], number[]] = [[], []];
    let [name, version] = [0, 0];
    each(contents, (number, reader, type) => {
      if (number === 1) moduleNames.push(numberIn(reader.bytes()));
      else if (number === 2) strings.push(reader.string());
      else if (number === 3) dotted.push(segments(reader.bytes()));
      else if (number === 4) {
        each(reader.bytes(), (key, inner, innerType) => {
          if (key === 1) name = inner.uint32();
          else if (key === 2) version = inner.uint32();
          else inner.skipType(innerType);
        });
      } else reader.skipType(type);
    });
    return {
      packageId: createHash('sha256').update(payload).digest('hex'),
      name: strings[name] ?? '',
      version: strings[version] ?? '',
      bytes: payload.length,
      strings,
      modules: modulesOf(moduleNames, dotted, strings),
    };
  };
  try {
    return reading(parse);
  } catch (error) {
    if (!(error instanceof DamagedBytes)) throw error;
    throw new InvalidDar(`com.digitalasset.daml.lf.archive.Error$Parsing: ${error.message}`, []);
  }
}

/** A package made by `buildDar` has no table of modules: the name of its one is its first string. */
function modulesOf(names: number[], dotted: number[][], strings: string[]): string[] {
  if (names.length === 0) return strings.slice(0, 1);
  return names.map((at) => (dotted[at] ?? []).map((its) => strings[its] ?? '').join('.'));
}

/** The name of a module: where it is in the table of dotted names. */
function numberIn(module: Uint8Array): number {
  let found = 0;
  each(module, (number, reader, type) => {
    if (number === 1 && type === 0) found = reader.uint32();
    else reader.skipType(type);
  });
  return found;
}

/** A dotted name: where its parts are among the strings, packed. */
function segments(name: Uint8Array): number[] {
  const found: number[] = [];
  each(name, (number, reader, type) => {
    if (number !== 1 || type !== 2) reader.skipType(type);
    else for (const end = reader.uint32() + reader.pos; reader.pos < end;) found.push(reader.uint32());
  });
  return found;
}

function each(
  bytes: Uint8Array,
  visit: (field: number, reader: protobuf.Reader, type: number) => void,
): void {
  const reader = Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    visit(tag >>> 3, reader, tag & 7);
  }
}

function field(bytes: Uint8Array, wanted: number): Uint8Array {
  let found: Uint8Array | undefined;
  each(bytes, (number, reader, type) => {
    if (number === wanted) found = reader.bytes();
    else reader.skipType(type);
  });
  if (!found) throw cutShort();
  return found;
}

/** What a package made by `buildDar` says of itself. */
export interface PackageSource {
  readonly name: string;
  readonly version: string;
  /** Module of its one template, `Iou{payer, owner, amount, note}` with `Transfer` and `Settle`. */
  readonly moduleName: string;
}

/**
 * Builds a DAR around a template of the shape of the sample DARs, dependencies included.
 * Deterministic: the same source gives the same bytes and package ids.
 */
export function buildDar(main: PackageSource, dependencies: readonly PackageSource[] = []): Buffer {
  const files = [main, ...dependencies].map((source, i) => ({
    path: i === 0 ? 'archive.dalf' : `${source.name}-${source.version}.dalf`,
    bytes: buildDalf(source),
  }));
  const manifest = [
    'Manifest-Version: 1.0',
    'Format: daml-lf',
    `Dalfs: ${files.map(({ path }) => path).join(', ')}`,
    'Main-Dalf: archive.dalf',
    'Sdk-Version: 0.0.0',
    '',
    '',
  ];
  const entries = { 'META-INF/MANIFEST.MF': strToU8(manifest.join('\r\n')) };
  for (const { path, bytes } of files) Object.assign(entries, { [path]: bytes });
  return Buffer.from(zipSync(entries, { mtime: '2026-01-01T00:00:00' }));
}

function buildDalf({ name, version, moduleName }: PackageSource): Uint8Array {
  const names = ['Iou', 'payer', 'owner', 'amount', 'note', 'Settle', 'Transfer', 'newOwner'];
  const strings = [moduleName, ...names, name, version];
  const contents = Writer.create();
  for (const text of strings) contents.uint32(18).string(text);
  contents.uint32(34).fork();
  contents.uint32(8).uint32(strings.length - 2);
  contents
    .uint32(16)
    .uint32(strings.length - 1)
    .ldelim();
  const payload = Writer.create().uint32(26).string('1').uint32(34).bytes(contents.finish()).finish();
  const hash = createHash('sha256').update(payload).digest('hex');
  return Writer.create().uint32(26).bytes(payload).uint32(34).string(hash).finish();
}
