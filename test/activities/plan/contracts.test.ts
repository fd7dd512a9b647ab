import assert from 'node:assert/strict';
import test from 'node:test';

import { asActivities } from '../../../activities/attempt/failures.js';
import type { ParticipantReads } from '../../../model/participant-access.js';
import { countContracts } from '../../../activities/plan/contracts.js';
import type { ActiveContractSummary } from '../../../model/participant.js';
import { attempt } from '../../support/attempt.js';
import { failing } from '../../support/failing.js';

/** A node that sends contracts as long as anybody reads them. */
function endless(contract: (index: number) => Partial<ActiveContractSummary>): ParticipantReads {
  async function* scanActiveContracts(): AsyncGenerator<ActiveContractSummary[]> {
    for (let index = 0; ; index++)
      yield [
        {
          contractId: `00${index}`,
          stakeholders: ['alice::1220'],
          synchronizerId: 'da::1220',
          reassignmentCounter: '0',
          ...contract(index),
        } as ActiveContractSummary,
      ];
  }
  return { ledger: { readLedgerEnd: () => Promise.resolve('9'), scanActiveContracts } } as never;
}

const { count } = asActivities({
  count: (node: ParticipantReads) => countContracts(node, ['alice::1220'], 'da::1220'),
});

for (const [what, node] of [
  ['stakeholders', endless((index) => ({ stakeholders: [`p${index}::1220`] }))],
  ['synchronizers', endless((index) => ({ synchronizerId: `s${index}::1220` }))],
] as const) {
  test(`plan: contracts of ever more ${what} are refused, not collected`, async () => {
    const counted = attempt({ count }, 'count', node).result;
    await assert.rejects(counted, failing('TooManyContracts', 'refused', what));
  });
}
