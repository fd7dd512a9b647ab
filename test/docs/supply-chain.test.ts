import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { packageRoot } from '../../tools/package-root.js';

const read = (name: string) => readFileSync(join(packageRoot, name), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  license: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

test('supply chain: the bill of materials has what a worker runs, and nothing of the development', () => {
  const printed = execFileSync('npm', ['run', '--silent', 'sbom'], {
    cwd: packageRoot,
    encoding: 'utf8',
  });
  const bill = JSON.parse(printed) as { bomFormat: string; components: { name: string }[] };
  const names = new Set(bill.components.map(({ name }) => name));

  assert.equal(bill.bomFormat, 'CycloneDX');
  assert.deepEqual(
    Object.keys(manifest.dependencies).filter((name) => !names.has(name)),
    [],
  );
  const tools = ['eslint', 'typescript', 'tsx', 'prettier', '@temporalio/testing', '@bufbuild/buf'];
  assert.deepEqual(
    tools.filter((name) => names.has(name)),
    [],
  );
});

test('supply chain: the licence is there in full, with a notice', () => {
  assert.equal(manifest.license, 'Apache-2.0');
  assert.match(read('LICENSE'), /Apache License\s+Version 2\.0, January 2004/);
  assert.match(read('LICENSE'), /END OF TERMS AND CONDITIONS/);
  assert.match(read('NOTICE'), /^canton-migrate\n/);
});
