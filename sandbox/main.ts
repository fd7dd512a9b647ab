import { parseArgs } from 'node:util';
import { openControlPort } from './control.js';
import { startSandbox } from './index.js';
import { completeScenario, InvalidScenario, readScenario, type ScenarioChange } from './scenario.js';
import { startSandbox210 } from './v0/index.js';

const USAGE = `usage: sandbox [options]
  --scenario FILE    JSON or YAML file with what differs from the built-in scenario
  --state DIR        keep the state here; a folder in use resumes what it holds
  --canton 2.10      participants of Canton 2.10, each on a domain of its own; keeps no state, has no control port
  --contracts N      number of active contracts on the source
  --port-base PORT   source admin and ledger, target admin and ledger, control, fresh admin and ledger: seven ports
  --json             print one line of JSON when ready
`;

/** Runs a sandbox until SIGTERM or SIGINT; returns the exit code if it cannot start. */
async function main(args: readonly string[]): Promise<number | undefined> {
  const options = readArguments(args);
  if (!options) return 2;
  if (options.generation === '2.10') return runSandbox210(options);
  const sandbox = await startSandbox(options.sandbox);
  const control = await openControlPort(sandbox, sandbox.controlPort ?? options.controlPort);
  sandbox.keepControlPort(control.port);
  const end = () => {
    control.close();
    void sandbox.close().finally(() => process.exit(0));
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  const ready = { ...sandbox.addresses, control: `127.0.0.1:${control.port}`, pid: process.pid };
  process.stdout.write(options.isJson ? `${JSON.stringify(ready)}\n` : readable(ready));
  return undefined;
}

function readArguments(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        scenario: { type: 'string' },
        state: { type: 'string' },
        contracts: { type: 'string' },
        'port-base': { type: 'string' },
        canton: { type: 'string', default: '3' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) throw new Error('');
    const generation = generationOf(values.canton);
    const base =
      values['port-base'] === undefined ? undefined : wholeNumber('--port-base', values['port-base']);
    let scenario: ScenarioChange = values.scenario === undefined ? {} : readScenario(values.scenario);
    if (values.contracts !== undefined) {
      const count = wholeNumber('--contracts', values.contracts);
      scenario = completeScenario({ contracts: { count } }, completeScenario(scenario));
    }
    return {
      sandbox: {
        scenario,
        ...(values.state === undefined ? {} : { state: values.state }),
        ...(base === undefined ? {} : { portBase: base }),
      },
      controlPort: base === undefined ? 0 : base + 4,
      isJson: values.json,
      generation,
      contracts:
        values.contracts === undefined ? undefined : wholeNumber('--contracts', values.contracts),
    };
  } catch (error) {
    const faults =
      error instanceof InvalidScenario ? error.faults : [error instanceof Error ? error.message : ''];
    process.stderr.write(
      `${faults
        .filter(Boolean)
        .map((fault) => `${fault}\n`)
        .join('')}${USAGE}`,
    );
    return undefined;
  }
}

function generationOf(text: string): '3' | '2.10' {
  if (text === '3' || text === '2.10') return text;
  throw new Error(`--canton must be 3 or 2.10, found '${text}'`);
}

/** The same with participants of Canton 2.10. */
async function runSandbox210({
  contracts,
  isJson,
}: {
  contracts: number | undefined;
  isJson: boolean;
}): Promise<undefined> {
  const sandbox = await startSandbox210(
    contracts === undefined ? {} : { contracts: { count: contracts } },
  );
  const end = () => void sandbox.close().finally(() => process.exit(0));
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  const ready = { ...sandbox.addresses, control: '', pid: process.pid };
  process.stdout.write(isJson ? `${JSON.stringify(ready)}\n` : readable(ready));
  return undefined;
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,8}$/.test(text)) throw new Error(`${name} must be a whole number, found '${text}'`);
  return Number(text);
}

function readable(ready: {
  source: { admin: string; ledger: string };
  target: { admin: string; ledger: string };
  fresh?: { admin: string; ledger: string };
  control: string;
}): string {
  return [
    `source   admin ${ready.source.admin}   ledger ${ready.source.ledger}`,
    `target   admin ${ready.target.admin}   ledger ${ready.target.ledger}`,
    ...(ready.fresh ? [`fresh    admin ${ready.fresh.admin}   ledger ${ready.fresh.ledger}`] : []),
    `control  http://${ready.control}`,
    '',
  ].join('\n');
}

// The CLI that started us is gone, and nobody else could stop us; by itself the channel holds no process.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();

main(process.argv.slice(2)).then(
  (code) => {
    if (code !== undefined) process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.stderr.write(
      'next: remove the cause, for example choose another --port-base, and start again\n',
    );
    process.exitCode = 1;
  },
);
