import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { ERROR_RULES } from '../../canton/error-rules.js';

const ROOT = new URL('../../', import.meta.url);
const FOLDERS =
  'acs activities bench canton client demo docs loadtest model sandbox secrets test worker workflows'.split(
    ' ',
  );

/** Pages of others that a Source may name, with a section or step behind. */
const OUTSIDE = [
  'RFC 1951',
  'RFC 1952',
  'RFC 6749',
  'W3C Trace Context',
  'OpenSSH, PROTOCOL.sshsig',
  'Canton manual, "Party Management"',
  'Protobuf docs, "Timestamp"',
  'Temporal docs, "Codec Server"',
];

/** A page of `docs/canton`, its sections, and steps or items of the last one. */
const PAGE =
  /^(admin-api|live-route|networks|canton-2\.10) ([\dA-K][\w., ]*?)(?:, (?:step|item)s? (.+))?$/;
const GOLDEN = /^(golden(?:35|210)?)\/(\S+)(?: (\d+)(?: to (\d+))?)?$/;

const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');
const list = (text: string) => text.split(/, | and | to /);
const below = (folder: string) =>
  readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' });

const protos = below('canton/proto')
  .filter((name) => name.endsWith('.proto'))
  .map((name) => read(`canton/proto/${name}`))
  .join('\n');

/** Whether there is what a citation names. */
function exists(citation: string): boolean {
  const [, page, sections, steps] = PAGE.exec(citation) ?? [];
  if (page && sections) {
    const texts = list(sections).map((section) => sectionOf(`docs/canton/${page}.md`, section));
    const last = texts.at(-1) ?? '';
    return texts.every(Boolean) && list(steps ?? '').every((step) => hasStep(last, step));
  }
  const [, folder, file, ...orders] = GOLDEN.exec(citation) ?? [];
  if (folder && file) {
    const path = `test/${folder}/${file}`;
    return (
      existsSync(new URL(path, ROOT)) &&
      orders.filter(Boolean).every((order) => read(path).includes(`{"order":${order},`))
    );
  }
  const [kind, name = ''] = citation.split(' ');
  if (kind === 'proto')
    return name
      .split('.')
      .every((part) => new RegExp(`\\b(message|service|enum|rpc) ${part}\\b`).test(protos));
  if (kind === 'decision')
    return below('docs/decisions').some((page) => page.startsWith(name.padStart(4, '0')));
  return OUTSIDE.some((outside) => citation === outside || citation.startsWith(`${outside}, `));
}

/** The text below a heading that begins with this number or letter, up to the next heading. */
function sectionOf(page: string, section: string): string | undefined {
  return read(page)
    .split(/^#+ /m)
    .find((text) => text.startsWith(`${section} `) || text.startsWith(`${section}. `));
}

function hasStep(section: string, step: string): boolean {
  return step === '' || new RegExp(`^(- \\*\\*)?${step}\\. ?`, 'm').test(section);
}

/** The citations of all Source lines, and the sections that a text names besides. */
function citationsIn(text: string): string[] {
  const flat = text.replace(/\s*\n\s*(?:\*(?!\/)|\/\/)?\s*/g, ' ');
  const sources = [...flat.matchAll(/(?<!\w)Source: (.+?)\.(?=\s|$)/g)].flatMap(([, all]) =>
    all!.split('; '),
  );
  return [
    ...sources,
    ...(flat.match(/\b(admin-api|live-route|networks|canton-2\.10) (\d+(\.\d+)?|[A-K])\b/g) ?? []),
  ];
}

test('sources: everything that code and docs name as their source exists', () => {
  const files = FOLDERS.flatMap((folder) => below(folder).map((name) => `${folder}/${name}`)).filter(
    (name) =>
      /\.(ts|md)$/.test(name) &&
      !/\/(gen|node_modules)\//.test(name) &&
      !name.endsWith('sources.test.ts'),
  );
  const cited = files.flatMap((file) => citationsIn(read(file)).map((citation) => ({ file, citation })));
  const rules = ERROR_RULES.map(({ source }) => ({ file: 'canton/error-rules.ts', citation: source }));

  assert.ok(cited.length > 200, `found ${cited.length}`);
  assert.deepEqual(
    [...cited, ...rules].filter(({ citation }) => !exists(citation)),
    [],
  );
});

test('sources: one that is made up is found out', () => {
  const text =
    '/**\n * Says so. Source: admin-api 1.15; live-route 2,\n * steps 7 and 7b; decision 99. And so on. */';
  const madeUp =
    'facts 1.15; admin-api 1.99; live-route 2, steps 7 and 99; networks Z; proto NoService; golden/none.jsonl 1;' +
    ' golden/happy.jsonl 9999; decision 99; RFC 1; Canton manual, "None"';

  assert.deepEqual(
    citationsIn(text).filter((citation) => !exists(citation)),
    ['decision 99'],
  );
  assert.deepEqual(madeUp.split('; ').filter(exists), []);
});
