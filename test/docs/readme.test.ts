import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { parse } from 'yaml';

import { approveCommand } from '../../client/commands/approve.js';
import { closeCommand } from '../../client/commands/close.js';
import { doctorCommand } from '../../client/commands/doctor.js';
import { planCommand } from '../../client/commands/plan.js';
import { reportCommand } from '../../client/commands/report.js';
import { startCommand } from '../../client/commands/start.js';
import { statusCommand } from '../../client/commands/status.js';
import { workerCommand } from '../../client/commands/worker.js';
import { requestProblems, validator } from '../../model/validation.js';
import { CONFIGURATION_SCHEMA } from '../../worker/configuration-schema.js';

const COMMANDS = [
  planCommand(),
  startCommand(),
  statusCommand(),
  approveCommand(),
  closeCommand(),
  doctorCommand(),
  reportCommand(),
  workerCommand(),
];
const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

test('readme: the worker configuration is one', () => {
  assert.deepEqual(validator(CONFIGURATION_SCHEMA)(parse(block('yaml'))), []);
});

test('readme: the request is one', () => {
  assert.deepEqual(requestProblems(JSON.parse(block('json'))), []);
});

// The example itself is compiled with everything else.
test('readme: the example in code is the one that is compiled', () => {
  const example = readFileSync(new URL('readme-example.ts', import.meta.url), 'utf8');

  assert.equal(block('ts'), example.replace('../../client/index.js', 'canton-migrate').trimEnd());
});

test('readme: every command exists, with its options', () => {
  const commands = [...README.matchAll(/^\$ canton-migrate (\S+)([^#\n]*)/gm)];
  assert.ok(commands.length > 5);
  for (const [line, verb, rest] of commands) {
    const command = COMMANDS.find((its) => its.name() === verb);
    assert.ok(command, line);
    for (const [option] of rest!.matchAll(/--[\w-]+/g)) {
      assert.ok(
        command.options.some(({ long }) => long === option),
        `${line}: ${option}`,
      );
    }
  }
});

function block(language: string): string {
  const found = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)\\n\`\`\`$`, 'm').exec(README)?.[1];
  assert.ok(found, `no ${language} block`);
  return found;
}
