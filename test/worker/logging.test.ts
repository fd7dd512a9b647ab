import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const LOGGING = fileURLToPath(new URL('../../worker/logging.ts', import.meta.url));

interface Logged {
  message: string;
  stack: string;
  cause?: { message: string };
}

/** Logs as a worker does, then throws in a callback and loses a promise. */
const SCRIPT = `
import { createLog, logUnforeseen, sdkLogger } from ${JSON.stringify(LOGGING)};
const log = createLog('info');
logUnforeseen(log);
const cause = new Error('below');
sdkLogger(log).error('of an activity', { error: new TypeError('above', { cause }) });
setImmediate(() => { throw new Error('in a callback'); });
void Promise.reject(new Error('in a promise'));
setTimeout(() => console.log('still here'), 50);
`;

test('logging: an error has its stack, and one in a callback does not end the process', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', SCRIPT]);
  const [said, logged] = await Promise.all([text(child.stdout), text(child.stderr)]);

  assert.equal(said, 'still here\n', logged);
  const lines = logged
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { msg: string; error: Logged });
  assert.deepEqual(lines.map(({ error }) => error.message.split(':')[0]).sort(), [
    'above',
    'in a callback',
    'in a promise',
  ]);
  for (const { error } of lines) assert.match(error.stack, /^\w*Error: .*\n\s+at /);
  const ofActivity = lines.find(({ msg }) => msg === 'of an activity')!;
  assert.equal(ofActivity.error.cause?.message, 'below');
});
