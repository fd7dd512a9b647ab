import { Command, Option } from 'commander';

import { GATES } from '../../model/phase.js';
import { addCommonOptions, withClient, type CommonOptions } from '../command-options.js';
import type { ListedMigration } from '../answers.js';
import { renderList } from '../render/list.js';

interface ListOptions extends CommonOptions {
  state?: string;
  gate?: string;
  closed?: boolean;
  all?: boolean;
  waiting?: boolean;
}

const EXAMPLES = `
Examples:
  $ canton-migrate list
  $ canton-migrate list --waiting
  $ canton-migrate list --all --json | jq -r '.migrations[].id'

Those that have ended are listed as long as Temporal keeps them.`;

export function listCommand(): Command {
  return addCommonOptions(new Command('list'))
    .description('list migrations: how each stands, how old it is and how far')
    .option('--state <state>', 'only those in this state: running, waiting-for-approval, stopped, ...')
    .addOption(new Option('--gate <gate>', 'only those at this gate').choices(Object.keys(GATES)))
    .option('--open', 'only those that have not ended (the default)')
    .addOption(new Option('--closed', 'only those that have ended').conflicts('open'))
    .addOption(new Option('--all', 'both').conflicts(['open', 'closed']))
    .option(
      '--waiting',
      'only those that wait for a person: to approve, resume, sign, or start a worker',
    )
    .addHelpText('after', EXAMPLES)
    .action(async (options: ListOptions) => {
      await withClient(options, async (client, terminal) => {
        const which = options.all ? 'all' : options.closed ? 'closed' : 'open';
        const { migrations: all, hasMore } = await client.list(which);
        const migrations = all.filter((its) => isWanted(its, options));
        terminal.print(renderList({ migrations, hasMore }, terminal.style, Date.now()));
        terminal.printJson({ migrations, hasMore });
        const [first] = migrations;
        const name = first?.source.name ?? first?.id;
        terminal.about(name);
        terminal.next(name === undefined ? 'canton-migrate start --help' : 'canton-migrate status');
      });
    });
}

function isWanted(its: ListedMigration, { state, gate, waiting }: ListOptions): boolean {
  return (
    (state === undefined || its.state === state) &&
    (gate === undefined || its.gate === gate) &&
    (!waiting || its.needsPerson)
  );
}
