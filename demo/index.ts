/** A whole migration on this machine: `npm run demo`. Leaves nothing behind, unless `--keep` asks for it. */
import { join } from 'node:path';

import { Client, Connection } from '@temporalio/client';

import { MigrationError } from '../client/errors.js';
import { follow } from '../client/follow.js';
import { MigrationClient } from '../client/index.js';
import { renderPlan } from '../client/render/plan.js';
import { renderReport } from '../client/render/report.js';
import { EXIT, Terminal } from '../client/terminal.js';
import { migrationUrl } from '../client/ui.js';
import { isGood, renderReport as renderLoad } from '../loadtest/report.js';
import type { MigrationStatus } from '../model/steering.js';
import { freePorts } from '../tools/free-port.js';
import { packageRoot } from '../tools/package-root.js';
import { startLoad, type DemoLoad } from './load.js';
import { parseOptions, USAGE, type DemoOptions } from './options.js';
import { startStack, StackParts, type DemoStack } from './stack.js';

const APPROVER = 'the demo';
/** 128 and the number of SIGINT, as shells have it. */
const INTERRUPTED = 130;

/** One synchronizer for both nodes; its waiting times are shorter than the minutes of a real one. */
const LIVE_SCENARIO = {
  target: { synchronizers: ['source'] },
  timing: { submissionMs: 20, onboardingMs: 5_000, reconciliationMs: 2_000 },
};

const terminal = new Terminal(false);
const { style } = terminal;
let titles = 0;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let options: DemoOptions | undefined;
  try {
    options = parseOptions(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}\n`);
    return EXIT.usage;
  }
  if (!options) {
    terminal.print(USAGE);
    return EXIT.done;
  }

  const parts = new StackParts();
  stopOnSignals(parts);
  try {
    await demonstrate(options, parts);
    return EXIT.done;
  } catch (error) {
    return parts.isStopping ? INTERRUPTED : terminal.fail(error);
  } finally {
    await parts.stop();
  }
}

async function demonstrate(options: DemoOptions, parts: StackParts): Promise<void> {
  const started = Date.now();
  title('Starting what a migration needs');
  const { route } = options;
  const hasClients = route === 'live' && !options.isByHand;
  const [hookPort] = hasClients ? await freePorts(1) : [];
  const settings = {
    scenario: scenarioOf(options),
    route,
    ...(options.canton === '2.10' && { contracts210: options.contractCount }),
    ...(hookPort && { hookPort }),
  };
  const stack = await startStack(parts, settings, (line) => terminal.print(`  ${line}`));

  if (options.isByHand) return keep(stack);
  const connection = await Connection.connect({ address: stack.temporal.address });
  try {
    const client = MigrationClient.over(new Client({ connection }));
    const load = hookPort && (await startLoad(parts, { configFile: stack.configFile, hookPort }));
    if (load) terminal.print(`  ${load.started}`);
    const migrating = load ? migrateUnderLoad(client, stack, load) : migrate(client, stack);
    const id = await Promise.race([stack.broken, migrating]);
    terminal.print(
      `\nWeb UI${options.isKept ? '' : ' (until the end of the demo)'}: ${stack.temporal.uiAddress}; all of it took ${Math.round((Date.now() - started) / 1000)} s`,
    );
    if (options.isKept) await keep(stack, id);
    else terminal.next('npm run demo -- --keep leaves it running, to look at it in the Web UI');
  } finally {
    await connection.close();
  }
}

function scenarioOf({ contractCount, partyCount, route }: DemoOptions): object {
  return {
    contracts: { count: contractCount },
    ...(partyCount !== undefined && { parties: { local: partyCount } }),
    ...(route === 'live' && LIVE_SCENARIO),
  };
}

/** As {@link migrate}, while clients use the source, and the target once they are told. */
async function migrateUnderLoad(
  client: MigrationClient,
  stack: DemoStack,
  load: DemoLoad,
): Promise<string> {
  const onStart = (id: string) => void load.follow(client, id).catch(() => undefined);
  const id = await Promise.race([load.broken, migrate(client, stack, onStart)]);

  title('What the clients met with (canton-migrate loadtest)');
  const report = await load.stop();
  terminal.print(renderLoad(report, style));
  if (isGood(report)) return id;
  throw new MigrationError(
    'mismatch',
    'ClientsLost',
    'what clients know and what the ledger has differ, or clients gave up',
    'report it, with everything that was printed',
  );
}

async function migrate(
  client: MigrationClient,
  stack: DemoStack,
  onStart: (id: string) => void = () => undefined,
): Promise<string> {
  const { sandbox, temporal } = stack;
  title('What the migration will do (canton-migrate plan)');
  const planned = await client.plan(sandbox.request);
  terminal.print(renderPlan(planned, style));

  title('The migration (canton-migrate start)');
  const id = await client.start(sandbox.request, { planned });
  onStart(id);
  terminal.print(`started ${id}\n  ${pageOf(temporal.uiAddress, id)}`);
  await follow(client, id, terminal, { atGate: (status) => passGate(client, id, status) });

  title('Outcome');
  const { status } = await client.status(id);
  if (status) terminal.print(style.notice(status.summary));
  terminal.print('  the demo closes it at once; a person stops the source first: canton-migrate close');
  terminal.print(renderReport(await client.closeMigration(id, { by: APPROVER }), style));
  return id;
}

/** Opens a gate and says what a person would have done. */
async function passGate(client: MigrationClient, id: string, status: MigrationStatus): Promise<void> {
  const { gate, planHash } = status;
  if (!gate || planHash === undefined) return;
  terminal.print(style.notice(`gate ${gate.name}: an operator confirms that ${gate.statement}`));
  terminal.print(`  the demo approves it itself; a person runs: canton-migrate approve ${gate.name}`);
  const isBackup = gate.name === 'target-backup';
  const waiver = isBackup && { waiver: 'a simulated target is made again in a second' };
  await client.approve(id, { gate: gate.name, planHash, approver: APPROVER, ...waiver });
}

function pageOf(uiAddress: string, id: string): string {
  return migrationUrl(uiAddress, 'default', id);
}

/** Says how to reach everything, and waits; `id` is of a migration that was made. */
async function keep(stack: DemoStack, id?: string): Promise<void> {
  title('Everything is left running until Ctrl-C');
  const settings = Object.entries(stack.environment).map(([name, value]) => `${name}=${value}`);
  terminal.print(
    [
      `Web UI: ${id === undefined ? stack.temporal.uiAddress : pageOf(stack.temporal.uiAddress, id)}`,
      'In another terminal:',
      `  export PATH="${join(packageRoot, 'bin')}:$PATH"`,
      `  export ${settings.join(' ')}`,
      `  export CONTROL=http://${stack.sandbox.control} REQUEST=${stack.requestFile}`,
      id === undefined
        ? '  canton-migrate plan --request "$REQUEST"'
        : `  canton-migrate status '${id}'`,
      '  canton-migrate plan --help',
      `Configuration of the worker: ${stack.configFile}`,
      ...Object.entries(stack.sandbox.participants).map(
        ([name, { admin, ledger }]) =>
          `Participant ${name}: admin API ${admin.address}, ledger API ${ledger.address}`,
      ),
    ].join('\n'),
  );
  terminal.next('Ctrl-C stops it all');
  await stack.broken;
}

/** The first signal stops everything in order; a second one leaves it to the guardian, which is as thorough. */
function stopOnSignals(parts: StackParts): void {
  let isTold = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isTold) process.exit(INTERRUPTED);
      isTold = true;
      terminal.print('\nstopping everything that was started');
      void parts.stop().then(() => process.exit(INTERRUPTED));
    });
  }
}

function title(text: string): void {
  titles += 1;
  terminal.print(`\n${style.bold(`${titles}. ${text}`)}`);
}
