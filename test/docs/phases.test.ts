import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import protobuf from 'protobufjs';

import { CURES } from '../../model/cures.js';
import { PHASES } from '../../model/phase.js';
import { operatingPages, page, tableBelow } from './markdown.js';

const PROTO = fileURLToPath(new URL('../../canton/proto/', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DOCS = `${ROOT}docs/`;

const SECTIONS = [
  'What it changes',
  'What it needs',
  'How to tell that it worked',
  'How it is undone',
  'If it fails',
];

test('phases: every phase has a page with the same five sections, and nothing else has one', () => {
  const pages = readdirSync(`${DOCS}phases`).filter((file) => file.endsWith('.md'));

  assert.deepEqual(pages.sort(), PHASES.map((phase) => `${phase}.md`).sort());
  for (const phase of PHASES) {
    const headings = page(`phases/${phase}.md`).split('\n');
    if (phase === 'verify') continue;
    const missing = SECTIONS.filter((section) => !headings.includes(`## ${section}`));
    assert.deepEqual(missing, [], phase);
  }
});

test('phases: every failure a page names is one that the pages for operators list', () => {
  const operating = operatingPages();
  for (const phase of PHASES) {
    const types = tableBelowIfAny(page(`phases/${phase}.md`)).flatMap(([cell]) => [
      ...cell!.matchAll(/\b[A-Z][a-z]+[A-Z]\w*/g),
    ]);
    const unknown = types.map(([type]) => type).filter((type) => !operating.includes(`\`${type}\``));
    assert.deepEqual(unknown, [], phase);
  }
  assert.ok(Object.keys(CURES).length > 20);
});

test('phases: every call shown exists, and its request has only fields of the message', async () => {
  const calls = PHASES.flatMap((phase) => [...page(`phases/${phase}.md`).matchAll(CALL)]);

  assert.ok(calls.length >= 7, `found ${calls.length} calls`);
  for (const [, proto, json, path] of calls) {
    const root = new protobuf.Root();
    root.resolvePath = (_origin, target) => (existsSync(PROTO + target) ? PROTO + target : target);
    await root.load(proto!, { keepCase: true });
    const [service, method] = path!.split('/');
    const found = root.lookupService(service!).methods[method!];
    assert.ok(found, path);
    const request = root.lookupService(service!).lookupType(found.requestType);
    assertFields(request, JSON.parse(json!) as object, path!);
  }
});

test('docs: every link to a page or heading of the documentation leads somewhere', () => {
  const pages = readdirSync(DOCS, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`);
  const broken = [...pages, 'README.md', 'SECURITY.md', 'CHANGELOG.md'].flatMap((file) =>
    [...readFileSync(ROOT + file, 'utf8').matchAll(/\]\(([^):\s]*)\)/g)]
      .map(([, link]) => link!)
      .filter((link) => !isThere(file, link))
      .map((link) => `${file}: ${link}`),
  );

  assert.deepEqual(broken, []);
});

const CALL = /grpcurl[\s\S]*?-proto\s+(\S+)[\s\\]+-d '([^']*)'[\s\\]+"\$\w+"[\s\\]+(\S+)/g;

function assertFields(type: protobuf.Type, value: object, path: string): void {
  // Written in JSON as text, not as a message.
  if (type.fullName === '.google.protobuf.Duration') return;
  for (const [name, inner] of Object.entries(value)) {
    const field = type.fields[name];
    assert.ok(field, `${path}: ${type.fullName} has no field ${name}`);
    const { resolvedType } = field.resolve();
    const messages: unknown[] = field.map ? Object.values(inner as object) : [inner].flat();
    if (resolvedType instanceof protobuf.Enum) {
      for (const each of messages) assert.ok(String(each) in resolvedType.values, String(each));
    } else if (resolvedType) {
      for (const each of messages) if (each instanceof Object) assertFields(resolvedType, each, path);
    }
  }
}

function tableBelowIfAny(markdown: string): string[][] {
  try {
    return tableBelow(markdown, 'If it fails');
  } catch {
    return [];
  }
}

function isThere(file: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = new URL(path || file.split('/').at(-1)!, `file:///${file}`).pathname.slice(1);
  if (!existsSync(ROOT + target)) return false;
  if (anchor === undefined) return true;
  const anchors = readFileSync(ROOT + target, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('#'))
    .map((line) =>
      line
        .replace(/^#+ /, '')
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
  return anchors.includes(anchor);
}
