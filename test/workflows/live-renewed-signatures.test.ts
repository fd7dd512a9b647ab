import assert from 'node:assert/strict';
import test from 'node:test';

import { linesToSign, type LineToSign } from '../../client/lines-to-sign.js';
import type { HandedIn } from '../../model/ceremony.js';
import { RARER } from '../support/boundaries.js';
import { approveLive, assertServes, partiesOf, startLive } from '../support/live.js';
import { raiseSerial } from '../support/topology-changes.js';

const PARTIES = { local: 1, multiHosted: 0, external: 2, decentralized: 0, foreign: 0 };
const NO_USERS = { users: 0, identityProviders: 0, annotatedParties: 0 };

test(
  'live ceremony: whoever changes a hosting that is signed has it signed anew, and what others signed stands',
  RARER,
  async (t) => {
    const scenario = { parties: PARTIES, contracts: { count: 2, ofExternal: 2 }, localState: NO_USERS };
    const live = await startLive(t, { scenario });
    const { stack, id, contracts } = live;
    const { client, sandbox, until } = stack;
    const asked = async () => {
      const lines = [...linesToSign(await client.signaturesToProvide(id))];
      return lines.filter(({ purpose }) => purpose === 'party-hosting');
    };
    const handIn = (...signatures: HandedIn[]) =>
      client.provideSignatures(id, { signatures, by: 'ada' });
    const signed = ({ hash, signedBy, toSign }: LineToSign): HandedIn => {
      const signature = sandbox.sign(signedBy, Buffer.from(toSign, 'base64'));
      return { hash, signature: Buffer.from(signature).toString('base64') };
    };
    await until(id, ({ gate }) => gate?.name === 'root-key');
    const [one, two] = await asked();
    assert.equal((await handIn(signed(one!), signed(two!))).accepted, 2);
    await approveLive(live, ['root-key']);
    await until(id, ({ gate }) => gate?.name === 'target-backup');

    const hosted = sandbox.participants.source.parties('acme').map(({ party }) => party);
    raiseSerial(
      sandbox,
      hosted.find((party) => party.endsWith(`::${one!.signedBy}`))!,
    );
    await approveLive(live, ['target-backup']);
    const stopped = await until(id, ({ state }) => state === 'stopped');
    assert.equal(stopped.lastFailure?.type, 'SignatureOutdated');
    await client.resume(id, { by: 'ada' });
    const { hostings } = await until(
      id,
      ({ state, lastFailure }) => state === 'stopped' && lastFailure?.type === 'SignatureMissing',
    );
    assert.deepEqual([hostings?.given, hostings?.missing], [1, 1]);

    const renewed = (await asked()).filter(({ signedBy }) => signedBy === one!.signedBy);
    assert.equal(renewed.length, 1);
    const answer = await handIn(signed(two!), signed(one!), signed(renewed[0]!));
    assert.deepEqual([answer.accepted, answer.alreadyGiven], [1, 1]);
    assert.deepEqual(
      answer.refused.map(({ line, type }) => [line, type]),
      [[2, 'HashUnknown']],
    );
    await client.resume(id, { by: 'ada' });
    await approveLive(live, ['switch']);

    const report = await client.result(id);
    assertServes(stack, sandbox.participants.target, { contracts, parties: partiesOf(report) });
    assert.equal(report.hostings?.counts.given, 2);
  },
);
