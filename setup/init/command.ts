import { dirname, resolve } from 'node:path';

import { LISTS_VARIABLE, unusableTemporal } from '../../client/errors.js';
import { Terminal } from '../../client/terminal.js';
import type { MigrationRequest } from '../../model/request.js';
import { placeOf } from '../../storage/places.js';
import { TemporalProblem } from '../../temporal/problem.js';
import { readTemporalSettings } from '../../temporal/settings.js';
import type { InitOptions } from '../options.js';
import { Asker } from './asker.js';
import { assertWritable, writePrivate } from './files.js';
import {
  askFolders,
  askNode,
  askSynchronizers,
  askTemporal,
  type NodeAnswers,
  type Role,
} from './questions.js';
import { readSynchronizers, type Known } from './synchronizers.js';
import { workerYaml } from './worker-yaml.js';

/** Asks for what a worker has to know, writes its configuration and a request; returns the exit code. */
export async function init(options: InitOptions): Promise<number> {
  const terminal = new Terminal(false);
  try {
    await ask(options, terminal);
    return 0;
  } catch (error) {
    return terminal.fail(error instanceof TemporalProblem ? unusableTemporal(error) : error);
  }
}

async function ask(options: InitOptions, terminal: Terminal): Promise<void> {
  const { config, request: file, yes = false, force = false } = options;
  // What stands in the way in the end is told before anybody answers questions.
  readTemporalSettings();
  const asker = new Asker(terminal, yes);
  await assertWritable(asker, [config, file], force);
  const source = await askNode(asker, 'source', { given: options });
  const target = await askNode(asker, 'target', { given: options, taken: source.name });
  const known = await readBoth({ source, target }, dirname(resolve(config)), asker);
  const way = await askSynchronizers(asker, options, known);
  const folders = await askFolders(asker, options);
  const temporal = await askTemporal(asker, options);
  const request: MigrationRequest = { source: source.name, target: target.name, ...way };

  writePrivate(config, workerYaml({ source, target, ...folders, temporal }));
  writePrivate(file, `${JSON.stringify(request, null, 2)}\n`);
  terminal.print(`\nwrote ${config}, the worker's configuration, and ${file}, a request`);
  if (!asker.isAsking)
    for (const { name, problem } of unasked({ source, target }, known))
      terminal.print(`not asked: the synchronizers of ${name}: ${problem}`);
  const variables = variablesOf([source, target]);
  if (variables.length > 0) terminal.print(`set for the worker: ${variables.join(', ')}`);
  // The command line reads no configuration.
  const exported = { ...temporal, [LISTS_VARIABLE]: placeFrom(dirname(resolve(config)), folders.lists) };
  terminal.print('for worker and command line:');
  for (const [name, value] of Object.entries(exported)) terminal.print(`export ${name}=${value}`);
  terminal.print(
    `afterwards:\n  canton-migrate worker --config ${config}\n  canton-migrate plan --request ${file}`,
  );
  terminal.next(`canton-migrate doctor --config ${config} --request ${file}`);
}

/** Where lists are, from wherever it is read. */
function placeFrom(folder: string, lists: string): string {
  const place = placeOf(lists, folder);
  return place.kind === 'folder' ? place.folder : lists;
}

async function readBoth(
  nodes: Record<Role, NodeAnswers>,
  folder: string,
  asker: Asker,
): Promise<Record<Role, Known>> {
  asker.tell('Asking both for their synchronizers.');
  const read = (role: Role) => readSynchronizers(nodes[role], folder);
  const [source, target] = await Promise.all([read('source'), read('target')]);
  const known = { source, target };
  for (const { name, problem } of unasked(nodes, known))
    asker.tell(`${name} could not be asked for its synchronizers: ${problem}`);
  return known;
}

function unasked(nodes: Record<Role, NodeAnswers>, known: Record<Role, Known>) {
  return (['source', 'target'] as const).flatMap((role) => {
    const { problem } = known[role];
    return problem === undefined ? [] : [{ name: nodes[role].name, problem }];
  });
}

function variablesOf(nodes: readonly NodeAnswers[]): string[] {
  const tokens = nodes.flatMap(({ admin, ledger }) => [admin.token, ledger.token]);
  return [...new Set(tokens.flatMap((token) => (token ? [token.slice(2, -1)] : [])))];
}
