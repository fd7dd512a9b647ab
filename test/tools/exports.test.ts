import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { packageRoot } from '../../tools/package-root.js';

/** What others import by name: the client, the sandbox as a package, what the worker registers. */
const ENTRIES = [
  'client/index.ts',
  'sandbox/index.ts',
  'workflows/index.ts',
  'workflows/payload-converter.ts',
  'workflows/reset.ts',
];

const EXPORT =
  /^export (?:declare )?(?:abstract )?(?:async )?(const|let|function\*?|class|interface|type) (\w+)/gm;
const NAMED = /(?:import|export)\s+(?:type\s+)?(?:\w+\s*,\s*)?\{([^}]*)\}\s*from\s/g;
const NAMESPACE = /import\s+(?:type\s+)?\*\s+as\s+(\w+)\s+from/g;
const DYNAMIC =
  /\{([^{}]*)\}\s*=\s*(?:\(\s*)?await import\(|import\([^)]*\)(?:\)?\.(?!then\b)(\w+)|\.then\(\(\{([^{}]*)\}\))/g;

/** Path from the package root and text of every source file. */
function sources(): [string, string][] {
  const folders = readdirSync(packageRoot, { withFileTypes: true })
    .filter((one) => one.isDirectory() && !/^\.|^dist$|^node_modules$/.test(one.name))
    .map(({ name }) => name);
  return folders
    .flatMap((folder) =>
      readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
        join(folder, path),
      ),
    )
    .filter((path) => path.endsWith('.ts') && !/\/(gen|node_modules)\/|\.d\.ts$/.test(path))
    .map((path) => [path, readFileSync(join(packageRoot, path), 'utf8')]);
}

function namesIn(list: string): string[] {
  return [...list.matchAll(/(?:^|,)\s*(?:type\s+)?(\w+)/g)].map(([, name]) => name!);
}

/** The names that a file takes from others. */
function taken(text: string): string[] {
  const named = [...text.matchAll(NAMED), ...text.matchAll(DYNAMIC)].flatMap(
    ([, list = '', member, then = '']) => [
      ...namesIn(list),
      ...namesIn(then),
      ...(member === undefined ? [] : [member]),
    ],
  );
  const ofNamespaces = [...text.matchAll(NAMESPACE)].flatMap(([, name]) =>
    [...text.matchAll(new RegExp(`\\b${name}\\.(\\w+)|\\{([^{}]*)\\} = ${name};`, 'g'))].flatMap(
      ([, member, list = '']) => [member ?? '', ...namesIn(list)],
    ),
  );
  return [...named, ...ofNamespaces];
}

/** Types say what an exported function takes and returns: those that their own file uses are used. */
function isUsedWithin(text: string, kind: string, name: string): boolean {
  const isType = kind === 'interface' || kind === 'type';
  return isType && text.match(new RegExp(`\\b${name}\\b`, 'g'))!.length > 1;
}

// By name alone: a name that two files export counts as imported for both.
test('exports: each is imported by another file', () => {
  const files = sources();
  const all = new Set(files.flatMap(([, text]) => taken(text)));

  const unused = files
    .filter(([path]) => !path.startsWith('test/') && !ENTRIES.includes(path))
    .flatMap(([path, text]) =>
      [...text.matchAll(EXPORT)]
        .filter(([, kind, name]) => !all.has(name!) && !isUsedWithin(text, kind!, name!))
        .map(([, , name]) => `${path}: ${name}`),
    );

  assert.ok(all.size > 1_000);
  assert.deepEqual(unused, []);
});
