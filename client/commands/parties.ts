import { Command, InvalidArgumentError, Option } from 'commander';

import { counted } from '../../model/count.js';
import { PARTY_CLASSES, type HashedPlan, type PartyClass } from '../../model/plan.js';
import { shown } from '../../model/shown-text.js';
import {
  addCommonOptions,
  findNamed,
  NAMED,
  quoted,
  toNumber,
  withClient,
  withRequest,
  type CommonOptions,
} from '../command-options.js';
import { MigrationError } from '../errors.js';
import { pageOf } from '../party-page.js';
import type { MigrationClient } from '../index.js';
import { partyLines } from '../render/parties.js';
import type { Terminal } from '../terminal.js';

const PAGE = 50;

interface PartiesOptions extends CommonOptions {
  request?: string;
  class?: PartyClass;
  staying?: boolean;
  after?: string;
  limit: number;
}

interface Printing {
  options: PartiesOptions;
  terminal: Terminal;
  /** As it was named on the command line. */
  reference?: string | undefined;
}

const EXAMPLES = `
Examples:
  $ canton-migrate parties --staying
  $ canton-migrate parties --class external --limit 1000 --json | jq -r '.parties[].party'
  $ canton-migrate parties --request migration.json

Of the plan that a migration follows, the only open one needs no name; or of a new plan, which changes nothing.`;

export function partiesCommand(): Command {
  return addCommonOptions(new Command('parties'))
    .description('list the parties of a plan, a page at a time, with what becomes of each')
    .argument('[migration]', NAMED)
    .option('--request <file>', 'plan this request, as JSON; - reads standard input')
    .addOption(new Option('--class <class>', 'only those of one class').choices(PARTY_CLASSES))
    .option('--staying', 'only those that stay on the source')
    .option('--after <party>', 'begin after this party, the last of the page before')
    .option('--limit <n>', 'parties on a page', toLimit, PAGE)
    .addHelpText('after', EXAMPLES)
    .action(async (reference: string | undefined, options: PartiesOptions, command: Command) => {
      if (options.request === undefined) return listOf(reference, options);
      if (reference !== undefined)
        command.error('error: found a migration and --request, expected one of the two');
      await withRequest(options, async (client, terminal, request) =>
        printPage(client, await client.plan(request), { options, terminal }),
      );
    });
}

async function listOf(reference: string | undefined, options: PartiesOptions): Promise<void> {
  await withClient(options, async (client, terminal) => {
    const id = await findNamed(client, terminal, reference);
    const planned = await client.planOf(id);
    if (planned) return printPage(client, planned, { options, terminal, reference });
    const next = 'wait for the plan: canton-migrate status --watch';
    throw new MigrationError('refused', 'NotPlanned', `${id} has no plan yet`, next);
  });
}

async function printPage(
  client: MigrationClient,
  { plan, hash }: HashedPlan,
  { options, terminal, reference }: Printing,
): Promise<void> {
  const page = pageOf((await client.withParties(plan)).parties, options);
  const { parties, total, more } = page;
  terminal.print(terminal.style.bold(`${counted(total, 'party', 'parties')} of plan ${hash}`));
  for (const line of partyLines(shown(parties), plan.source.uid)) terminal.print(line);
  terminal.printJson({ planHash: hash, ...page });
  const last = parties.at(-1);
  if (more === 0 || !last) return terminal.next('nothing: these are all');
  terminal.next(
    `${counted(more, 'more party', 'more parties')}: ${again(options, last.party, reference)}`,
  );
}

/** The command that lists the page after a party. */
function again(options: PartiesOptions, after: string, reference: string | undefined): string {
  const { request, class: wanted, staying, limit } = options;
  return [
    'canton-migrate parties',
    ...(reference === undefined ? [] : [quoted(reference)]),
    ...(request === undefined ? [] : [`--request ${quoted(request)}`]),
    ...(wanted === undefined ? [] : [`--class ${wanted}`]),
    ...(staying ? ['--staying'] : []),
    ...(limit === PAGE ? [] : [`--limit ${limit}`]),
    `--after ${quoted(after)}`,
  ].join(' ');
}

function toLimit(text: string): number {
  const value = toNumber(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('expected a whole number, 1 or more');
  return value;
}
