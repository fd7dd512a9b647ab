import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';

import { packageRoot } from '../../tools/package-root.js';

const configuration = join(packageRoot, 'eslint.config.js');
const { importTable } = (await import(configuration)) as {
  importTable: (Linter.Config & { files: string[] })[];
};

const eslint = new ESLint({
  cwd: packageRoot,
  overrideConfigFile: true,
  overrideConfig: [
    {
      files: ['**/*.ts'],
      languageOptions: { parser: tseslint.parser },
      plugins: { '@typescript-eslint': tseslint.plugin },
    },
    ...importTable,
  ],
});

/** By the files of each row: imports that they are refused. */
const REFUSED: Record<string, string[]> = {
  'model/**/*.ts': ['../canton/index.js', 'node:fs', 'json-schema-to-ts', 'ajv'],
  'model/request.ts': ['node:fs', 'ajv'],
  'model/validation.ts': ['node:fs', '../worker/options.js'],
  'workflows/*.ts': [
    '../activities/index.js',
    '../model/validation.js',
    '@temporalio/client',
    'http2',
    'worker_threads',
    'node:dns',
  ],
  'workflows/phases/**/*.ts': ['@temporalio/workflow', '../../activities/index.js', 'tls', 'node:fs'],
  'acs/**/*.ts': ['../canton/index.js', '@temporalio/activity', '@grpc/grpc-js'],
  'canton/**/*.ts': ['../acs/record.js', '@temporalio/activity', '@grpc/proto-loader'],
  'activities/**/*.ts': ['../worker/options.js', '@grpc/grpc-js', '@temporalio/workflow'],
  'client/**/*.ts': ['../canton/index.js', '../workflows/messages.js', '@temporalio/worker'],
  'secrets/**/*.ts': ['../model/request.js', '@temporalio/client'],
  'report/**/*.ts': ['../client/index.js', '../storage/list-store.js', '@temporalio/client'],
  'storage/**/*.ts': ['../canton/index.js', '@temporalio/client', '@grpc/grpc-js'],
  'temporal/**/*.ts': ['../model/request.js', '@temporalio/client', '@grpc/grpc-js'],
  'worker/**/*.ts': ['../workflows/index.js', '../client/index.js', '@grpc/grpc-js', 'fs'],
  'loadtest/**/*.ts': ['../client/index.js', '../worker/index.js', '../activities/index.js'],
  'setup/**/*.ts': ['@temporalio/worker', '../client/index.js', '../worker/index.js', '@grpc/grpc-js'],
  'sandbox/**/*.ts': ['../canton/index.js', '../model/request.js', '@bufbuild/protobuf'],
  'bench/**/*.ts': ['../worker/index.js', '../activities/index.js', '@grpc/grpc-js'],
  'demo/**/*.ts': ['../canton/index.js', '../sandbox/index.js', '@grpc/grpc-js'],
  'tools/**/*.ts': ['../model/request.js', '@temporalio/worker'],
};

const folderOf = (path: string) => path.split('/')[0]!;
const sorted = (names: Iterable<string>) => [...new Set(names)].sort();

test('import table: every folder with sources has a row', () => {
  const folders = readdirSync(packageRoot, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^\.|^(dist|node_modules|test|types)$/.test(entry.name))
    .map(({ name }) => name)
    .filter((name) => readdirSync(join(packageRoot, name)).some((file) => /(?<!\.d)\.ts$/.test(file)));

  assert.deepEqual(sorted(importTable.flatMap(({ files }) => files).map(folderOf)), sorted(folders));
});

test('import table: the architecture names the same folders', () => {
  const text = readFileSync(join(packageRoot, 'docs/ARCHITECTURE.md'), 'utf8');
  const [, table = ''] = /^\| *Folder *\| *May import *\|\n((?:\|.*\n)+)/m.exec(text) ?? [];
  const documented = [...table.matchAll(/^\| *`(\w+)\//gm)].map(([, name]) => name!);

  assert.deepEqual(sorted(documented), sorted(importTable.flatMap(({ files }) => files).map(folderOf)));
});

test('import table: every row refuses what is not in it', async () => {
  assert.deepEqual(sorted(Object.keys(REFUSED)), sorted(importTable.map(({ files }) => files[0]!)));
  for (const [files, names] of Object.entries(REFUSED)) {
    const filePath = files.replace(/\*\*\/\*|\*/, 'made-up');
    for (const name of names) {
      const found = await refusals(filePath, `import { name } from '${name}';\n`);
      assert.notDeepEqual(found, [], `${filePath} may import ${name}`);
    }
  }
});

test('import table: where only types may be imported, a type is not refused', async () => {
  for (const [filePath, name] of [
    ['workflows/phases/made-up.ts', '../../activities/index.js'],
    ['client/made-up.ts', '../workflows/messages.js'],
    ['model/request.ts', 'json-schema-to-ts'],
  ] as const) {
    assert.deepEqual(await refusals(filePath, `import type { Name } from '${name}';\n`), []);
  }
});

/** What the rows say of a file, without the rules that need types. */
async function refusals(filePath: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath });
  return result!.messages.map(({ message }) => message);
}
