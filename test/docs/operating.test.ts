import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { parse } from 'yaml';

import { gateLines } from '../../client/render/gate.js';
import { createStyle } from '../../client/render/style.js';
import { signatureToProvide } from '../../model/ceremony.js';
import { CURES, GENERAL_CURE } from '../../model/cures.js';
import { GATES } from '../../model/phase.js';
import { requestProblems, validator } from '../../model/validation.js';
import { CONFIGURATION_SCHEMA } from '../../worker/configuration-schema.js';
import { SNAPSHOTS } from '../client/samples.js';
import { entriesBelow, operatingPages, tableBelow } from './markdown.js';

const OPERATING = operatingPages();
const FAILURES = entriesBelow(OPERATING, 'Failures of a step');
const FINDINGS = entriesBelow(OPERATING, 'Findings of the plan');

test('operating: the cures that are documented are those an operator is shown, none more or less', () => {
  const documented = Object.fromEntries(FAILURES.map(({ type, cure }) => [type, cure]));

  assert.deepEqual(documented, CURES);
  assert.ok(FAILURES.every(({ kind, meaning }) => kind !== '' && meaning !== ''));
});

test('operating: the cure of every other failure is there in the same words', () => {
  assert.ok(OPERATING.replaceAll('\n', ' ').includes(GENERAL_CURE));
});

test('operating: every type that is raised anywhere is listed', () => {
  const documented = new Set([...OPERATING.matchAll(/`([A-Z][A-Za-z]+)`/g)].map(([, type]) => type));

  const unlisted = [...raisedTypes()].filter((type) => !documented.has(type));

  assert.deepEqual(unlisted, []);
});

test('operating: no failure is listed that nothing raises', () => {
  const raised = raisedTypes();
  // Made from gRPC codes, time-outs of Temporal and system errors.
  const made = [
    'Unavailable',
    'DeadlineExceeded',
    'Unauthenticated',
    'PermissionDenied',
    'FailedPrecondition',
    'TimedOut',
    'WorkerFault',
  ];
  const tables = ['Rejected updates', 'Answers of the CLI and the client'];
  const rows = tables.flatMap((heading) => tableBelow(OPERATING, heading).map(([type]) => type!));
  const listed = [...FAILURES.map(({ type }) => type), ...rows];

  const gone = listed.filter((type) => !raised.has(type) && !made.includes(type));

  assert.deepEqual(gone, []);
});

test('operating: the commands that sign the delegation are those of the status', () => {
  const toSign = Buffer.alloc(100).toString('base64');
  const signature = signatureToProvide({
    ...({ purpose: 'namespace-delegation', algorithm: 'ED25519', isRequired: true } as const),
    ...{
      key: { fingerprint: '1220', publicKey: '', spec: 'EC_CURVE25519' },
      hash: '1220',
      toSign,
      transaction: toSign,
    },
  });
  const status = { ...SNAPSHOTS['status-gate']!.status!, signatures: [signature] };
  const shown = gateLines(status, createStyle({ isTerminal: false, hasColor: false })).join('\n');
  const [commands] = /^openssl [^]*?(?=\n {2}then: )/m.exec(shown)!;
  const documented = commands.replace(/^[\w+/=\n]*(?=\nEND$)/m, '<bytes to sign>');

  assert.ok(OPERATING.includes(`\n${documented}\n`), documented);
});

test('operating: the findings of the plan are listed with their cures, no row more or less', () => {
  const inCode = findingsIn(sourceOf('activities'));
  const free = new Set(inCode.filter(({ cure }) => cure === undefined).map(({ type }) => type));
  const text = ({ type, cure }: { type: string; cure?: string | undefined }) =>
    free.has(type) ? type : `${type}: ${cure}`;

  assert.ok(inCode.length > 20, 'the expression no longer finds the findings');
  assert.ok(inCode.length > free.size * 4, 'most cures are literals');
  assert.deepEqual(FINDINGS.map(text).sort(), inCode.map(text).sort());
});

test('operating: a finding is listed as a warning exactly if it does not stop the migration', () => {
  const found = sourceOf('activities').matchAll(/function find\w*Warnings[\s\S]*?\n}\n/g);
  const warnings = [...found].map(([text]) => text).join('');
  const inCode = findingsIn(warnings).map(({ type }) => type);
  const documented = FINDINGS.filter(({ kind }) => kind === 'warning').map(({ type }) => type);

  assert.deepEqual(documented.sort(), inCode.sort());
});

test('operating: the gates are listed in order with what their approval confirms', () => {
  const [, after = ''] = OPERATING.split('\n## The gates\n');
  const documented = [
    ...after
      .replace(/\n\s*/g, ' ')
      .matchAll(/- `([\w-]+)`, before `([\w-]+)`\. Confirms: (.*?)\. Already done:/g),
  ].map(([, gate, before, statement]) => [gate, before, statement]);

  assert.deepEqual(
    documented,
    Object.entries(GATES).map(([gate, { before, statement }]) => [gate, before, statement]),
  );
});

test('operating: every key of the worker configuration is in its table', () => {
  const table = tableBelow(OPERATING, 'Worker configuration')
    .map(([key]) => key)
    .join(' ');
  const channel = CONFIGURATION_SCHEMA.properties.participants.additionalProperties.properties.admin;
  const keys = [
    ...Object.keys(CONFIGURATION_SCHEMA.properties),
    ...Object.keys(channel.properties),
    ...Object.keys(channel.properties.tls.properties),
    ...Object.keys(channel.properties.oauth.properties).map((key) => `oauth.${key}`),
  ];

  assert.deepEqual(
    keys.filter((key) => !table.includes(key)),
    [],
  );
});

test('operating: the examples of a request and of a configuration are what the validators accept', () => {
  const examples = (language: string) =>
    [...OPERATING.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
      ([, text]) => text!,
    );

  for (const json of examples('json')) assert.deepEqual(requestProblems(JSON.parse(json)), []);
  for (const yaml of examples('yaml'))
    assert.deepEqual(validator(CONFIGURATION_SCHEMA)(parse(yaml)), []);
});

/** The findings that a text makes; without a cure where that depends on what was found. */
function findingsIn(text: string): { type: string; cure: string | undefined }[] {
  const parts = text.split(/(?=\btype: '\w+',\s*what:)/).slice(1);
  return parts.map((part) => {
    const [, type = ''] = /^type: '(\w+)'/.exec(part)!;
    const [, its = ''] = /\bcure:\s*([^\n]*)/.exec(part) ?? [];
    const [, , cure] = /^(['"])([^\n]*)\1,$/.exec(its) ?? [];
    return { type, cure };
  });
}

/** The stable names in the code: whatever may become the type of a failure, a finding or a rejection. */
function raisedTypes(): Set<string> {
  const everything = [
    'acs',
    'activities',
    'canton',
    'client',
    'model',
    'storage',
    'temporal',
    'workflows',
  ]
    .map(sourceOf)
    .join('\n');
  const named = [
    /\b(?:refused|mismatch|transient|malformed|rejection|RefusedError|UnusableList)\(\s*'([A-Z]\w+)'/g,
    /\bAcsError\(\s*\w*'?\w*'?,\s*'([A-Z]\w+)'/g,
    /\bsuper\(\s*'\w+',\s*'([A-Z]\w+)'/g,
    /\bMigrationError\(\s*'\w+',\s*'([A-Z]\w+)'/g,
    /\bnonRetryable\([^;]*?'([A-Z]\w+)'/g,
    /\btype: '([A-Z]\w+)'/g,
    /\bCredentialFailure\(\s*'\w+',\s*'([A-Z]\w+)'/g,
    /'(PlanObstructed|PlanChanged)'/g,
  ];
  const flaws = /const FLAWS = \{([\s\S]*?)\}/.exec(everything)?.[1] ?? '';
  const ofTemporal = /^const CURES = \{([\s\S]*?)\}/m.exec(sourceOf('temporal'))?.[1] ?? '';
  return new Set([
    ...named.flatMap((expression) => [...everything.matchAll(expression)].map(([, type]) => type!)),
    ...[...(flaws + ofTemporal).matchAll(/^ +([A-Z]\w+):/gm)].map(([, type]) => type!),
  ]);
}

function sourceOf(folder: string): string {
  const root = fileURLToPath(new URL(`../../${folder}`, import.meta.url));
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`${root}/${file}`, 'utf8'))
    .join('\n');
}
