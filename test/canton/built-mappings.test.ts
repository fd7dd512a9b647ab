import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { connectParticipant } from '../../canton/index.js';
import { partyMappingIn } from '../../canton/v30/topology-messages.js';

interface Generated {
  generated_transactions: { serialized_transaction: string; transaction_hash: string }[];
}

// Source: golden35/external-live.jsonl 30.
test('signing: a mapping that is built without a participant is what a participant generates, byte for byte', async (t) => {
  const address = { address: '127.0.0.1:1' };
  const away = connectParticipant('away', { admin: address, ledger: address });
  t.after(() => away.close());
  const { signing } = away.reading();
  const lines = readFileSync('test/golden35/external-live.jsonl', 'utf8').split('\n');
  const recorded = [30, 62, 66].flatMap((line) => {
    const { response_json: answer } = JSON.parse(lines[line - 1]!) as { response_json: Generated };
    return answer.generated_transactions;
  });

  assert.equal(recorded.length, 5);
  for (const { serialized_transaction: transaction, transaction_hash: hash } of recorded) {
    const mapping = partyMappingIn(Buffer.from(transaction, 'base64'))!;
    assert.ok(mapping.signingKeys !== undefined);
    const expected = { transaction, hash: Buffer.from(hash, 'base64').toString('hex') };
    assert.deepEqual(signing.buildPartyMapping(mapping), expected);
  }
});
