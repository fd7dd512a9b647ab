import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { crc32 } from 'node:zlib';
import { combineCrc32 } from '../../acs/crc32.js';
import { seeded } from './exports.js';

test('acs: the checksum of runs in a row follows from theirs, wherever they are cut', () => {
  const bytes = randomBytes(100_000);
  const below = seeded(7);
  for (let round = 0; round < 50; round++) {
    const at = round === 0 ? 0 : round === 1 ? bytes.length : below(bytes.length);
    const [first, second] = [bytes.subarray(0, at), bytes.subarray(at)];

    const combined = combineCrc32(crc32(first), crc32(second), second.length);

    assert.equal(combined, crc32(bytes), `cut at ${at}`);
  }
});
