import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AbortedError } from '../../client/errors.js';
import { RARER } from '../support/boundaries.js';
import { lose, stateOf } from '../support/losing.js';
import { cliOnTerminal, ENTER, tooWide } from '../support/pty.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack, temporalServer } from '../support/temporal.js';
import { runCli } from './run-cli.js';

// Terminated at a gate, then looked at, asked about, and taken back; the run that took it over is lost on the way, too.
test(
  'recover: a terminal shows what is on both nodes and asks which way; whoever cannot be asked is told what to add',
  RARER,
  async (t) => {
    const stack = await startMigrationStack(t);
    const { client, approve, until, sandbox, taskQueue } = stack;
    const before = await stateOf(stack);
    const id = await client.start(REQUEST);
    await approve(id, 'root-key');
    await until(id, ({ gate }) => gate?.name === 'interrupt-service');
    await lose(stack, id, 'terminate');
    const lost = await stateOf(stack);
    const { address } = await temporalServer();
    const environment = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'default' };
    const run = (...args: string[]) => runCli([...args, '--task-queue', taskQueue], { environment });
    const onTerminal = (...args: string[]) =>
      cliOnTerminal(t, ['recover', ...args, '--task-queue', taskQueue], { environment });
    const { uid } = sandbox.participants.source;
    const beginning = uid.slice(0, 'source::1220'.length + 6);

    const looking = onTerminal('source');
    const seen = await looking.sees(/Go back: /);
    looking.types(ENTER);
    await looking.sees(/Go on from there: /);
    looking.types(ENTER);
    const looked = await looking.ended();

    const said = seen.replaceAll(/\s+/g, ' ');
    assert.match(said, /stood at the gate interrupt-service/);
    assert.match(said, / source \(source::1220\S+ synchronizers: acme connected on acme: host of/);
    assert.match(said, / target \(target::1220\S+ synchronizers: da connected on da: host of 8 parties/);
    assert.deepEqual(tooWide(seen.slice(0, seen.lastIndexOf('\n'))), []);
    assert.equal(looked.code, 0);
    assert.match(looked.text, /next: nothing was changed;/);
    const unanswered = await run('recover', beginning, '--back');
    assert.equal(unanswered.code, 2);
    assert.match(unanswered.err, /^AnswerMissing: --yes: missing, .*: Go back: /);
    assert.match(unanswered.err, /^next: .* repeat the command with --yes$/m);
    const { out } = await run('report', beginning);
    assert.match(
      out,
      /^Outcome +terminated from outside while it was waiting for approval in transfer-/m,
    );
    assert.match(out, new RegExp(`^Next +canton-migrate recover ${id}$`, 'm'));
    assert.doesNotMatch(out, /approve interrupt-service|not over yet/);
    const unknown = await run('recover', 'nobody');
    assert.match(unknown.err, /canton-migrate recover --source <name> --target <name>$/m);
    assert.deepEqual(await stateOf(stack), lost);

    const going = onTerminal(beginning, '--back', '--as', 'ada');
    await going.sees(/Go back: /);
    going.types(`y${ENTER}`);
    const gone = await going.ended();
    assert.equal(gone.code, 0, gone.text);
    assert.match(gone.text, new RegExp(`^next: canton-migrate status ${beginning} --watch$`, 'm'));
    await lose(stack, id, 'terminate');
    const again = await run('recover', id, '--back', '--yes', '--as', 'ada');
    assert.equal(again.code, 0, again.err);
    await assert.rejects(client.result(id), AbortedError);
    assert.deepEqual(await stateOf(stack), before);
  },
);
