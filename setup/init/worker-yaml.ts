import { Document, isMap, isScalar } from 'yaml';

import type { NodeAnswers, Role } from './questions.js';

/** What a configuration says. */
export interface WorkerAnswers extends Record<Role, NodeAnswers> {
  spool: string;
  lists: string;
  /** Variables that name Temporal; empty if the environment or a profile does already. */
  temporal: Record<string, string>;
}

/** The worker's configuration, with what each part is for. */
export function workerYaml({ source, target, spool, lists, temporal }: WorkerAnswers): string {
  const node = ({ admin, ledger }: NodeAnswers) => ({ admin, ledger });
  const document = new Document({
    participants: { [source.name]: node(source), [target.name]: node(target) },
    spool,
    lists,
  });
  document.commentBefore =
    " Configuration of a worker of canton-migrate; every setting is in docs/operating/configure.md.\n ${NAME} is replaced from the worker's environment. Paths start at the folder of this file.";
  const note = (path: string[], text: string) => noteAt(document, path, text);
  note(['participants'], 'The two nodes, by the names that requests use.');
  note(['participants', source.name], 'Source: serves the parties now.');
  note(['participants', target.name], 'Target: is to serve them.');
  for (const { name } of [source, target]) {
    note(
      ['participants', name, 'admin'],
      'Admin API: parties, packages, connections, contracts. An admin.',
    );
    note(
      ['participants', name, 'ledger'],
      'Ledger API: users and updates. ParticipantAdmin and CanReadAsAnyParty.',
    );
  }
  note(['spool'], 'Exported contracts, encrypted: a cache of this worker, which may be lost.');
  note(
    ['lists'],
    'Long lists of parties. Losing them ends resume and abort: back them up, share them by all workers and clients.',
  );
  const said = Object.entries(temporal).map(([name, value]) => ` ${name}=${value}`);
  document.comment = [
    ' Temporal is found by the environment, or a profile, of worker and CLI, and not by this file.',
    ...said,
  ].join('\n');
  return document.toString({ lineWidth: 0 });
}

function noteAt(document: Document, path: string[], text: string): void {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return;
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
  if (!pair || !isScalar(pair.key)) return;
  pair.key.commentBefore = ` ${text}`;
  // The comment of the file ends in a blank line of its own.
  pair.key.spaceBefore = path.length === 1 && pair !== parent.items[0];
}
