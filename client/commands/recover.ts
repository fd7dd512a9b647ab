import { Command } from 'commander';

import { describeNode } from '../../model/left-on-nodes.js';
import {
  addCommonOptions,
  addIdentityOption,
  findNamed,
  NAMED,
  withClient,
  type CommonOptions,
} from '../command-options.js';
import { MigrationError } from '../errors.js';
import type { LeftBehind, MigrationClient } from '../index.js';
import type { Terminal } from '../terminal.js';

interface RecoverOptions extends CommonOptions {
  as: string;
  back?: boolean;
  forward?: boolean;
  yes?: boolean;
  source?: string;
  target?: string;
}

type Way = LeftBehind['ways'][number];

const EXAMPLES = `
Examples:
  $ canton-migrate recover old
  $ canton-migrate recover old --back --yes
  $ canton-migrate recover --source old --target new

For a migration that was ended from outside, by Temporal's Terminate or a time-out: shows where it stood, and what both
nodes say, and then goes back, verified as an abort is, or on from there. Where Temporal has forgotten the migration,
name both nodes: it shows what they say.`;

export function recoverCommand(): Command {
  return addIdentityOption(addCommonOptions(new Command('recover')))
    .description('take over what a terminated or reset migration left')
    .argument('[migration]', NAMED)
    .option('--back', 'take back what was done')
    .option('--forward', 'go on from where it stood')
    .option('--yes', 'ask nothing; with --back or --forward')
    .option('--source <name>', 'without its history: the source, as the worker calls it')
    .option('--target <name>', 'without its history: the target')
    .addHelpText('after', EXAMPLES)
    .action(async (reference: string | undefined, options: RecoverOptions, command: Command) => {
      if (options.back && options.forward)
        command.error('error: expected --back or --forward, found both');
      if (options.yes && !options.back && !options.forward)
        command.error('error: --yes: expected --back or --forward with it');
      const { source, target } = options;
      const isNamed = source !== undefined && target !== undefined;
      if ((reference === undefined) !== isNamed)
        command.error('error: expected a migration, or --source and --target together');
      await withClient(options, async (client, terminal) => {
        if (isNamed) return showNodes(client, terminal, { source, target });
        await recover(client, terminal, await idOf(client, terminal, reference), options);
      });
    });
}

/** Whoever finds no migration is told how to look at the nodes of one that Temporal has forgotten. */
async function idOf(
  client: MigrationClient,
  terminal: Terminal,
  reference: string | undefined,
): Promise<string> {
  try {
    return await findNamed(client, terminal, reference);
  } catch (error) {
    if (!(error instanceof MigrationError) || error.type !== 'NotFound') throw error;
    const { kind, type, message, next } = error;
    const forgotten = `if Temporal has forgotten it: ${LOOK}`;
    throw new MigrationError(kind, type, message, `${next}; ${forgotten}`, { cause: error });
  }
}

/** What shows both nodes without a history. */
const LOOK = 'canton-migrate recover --source <name> --target <name>';

async function recover(
  client: MigrationClient,
  terminal: Terminal,
  id: string,
  options: RecoverOptions,
): Promise<void> {
  const left = await client.leftBehind(id);
  if (!left) {
    throw new MigrationError(
      'refused',
      'NothingToRecover',
      `Temporal knows of no run of ${id} that had a plan: none began, or its history is past its retention`,
      `see what both nodes say: ${LOOK}`,
    );
  }
  terminal.print(
    `run ${left.runId} (${left.end}${left.closedAt ? ` at ${left.closedAt}` : ''}) ${left.stood}`,
  );
  for (const { name, state } of left.status.steps)
    if (state !== 'waiting') terminal.print(`  ${name}: ${state}`);
  if (!left.isLost) {
    terminal.printJson({ ...shown(left) });
    return terminal.next(`nothing to recover, it came to its own end: canton-migrate status ${id}`);
  }
  const { source, target } = left.planned!.plan;
  const nodes = await client.lookAtNodes({ source: source.name, target: target.name });
  terminal.print(nodes.flatMap(describeNode).join('\n'));
  const way = await chosen(terminal, left, options);
  if (!way) {
    terminal.printJson({ ...shown(left), nodes });
    const ways = left.ways.map((its) => `canton-migrate recover ${id} --${its}`).join(', or ');
    return terminal.next(`nothing was changed; ${ways}`);
  }
  await client.recover(id, { way, by: options.as, runId: left.runId });
  terminal.printJson({ ...shown(left), nodes, way });
  terminal.next('canton-migrate status --watch');
}

/** Which way, if the operator wants one. Fails for one that does not lead on. */
async function chosen(
  terminal: Terminal,
  { id, stood, ways }: LeftBehind,
  { back, forward, yes }: RecoverOptions,
): Promise<Way | undefined> {
  const asked: Way | undefined = back ? 'back' : forward ? 'forward' : undefined;
  if (asked && !ways.includes(asked)) {
    throw new MigrationError(
      'refused',
      'NothingToRecover',
      `the migration ${stood}: from there it cannot go ${asked}`,
      `canton-migrate recover ${id} --${ways.join(' or --')}`,
    );
  }
  if (asked) return yes || (await terminal.confirm(QUESTIONS[asked])) ? asked : undefined;
  // Whoever only looks is asked nothing.
  if (!terminal.isInteractive) return undefined;
  for (const way of ways) if (await terminal.confirm(QUESTIONS[way])) return way;
  return undefined;
}

const QUESTIONS: Record<Way, string> = {
  back: 'Go back: take back what was done, and read both nodes to prove it?',
  forward: 'Go on from there: every step reads both nodes again before it changes anything?',
};

async function showNodes(
  client: MigrationClient,
  terminal: Terminal,
  named: { source: string; target: string },
): Promise<void> {
  const nodes = await client.lookAtNodes(named);
  terminal.print(nodes.flatMap(describeNode).join('\n'));
  terminal.printJson({ nodes });
  terminal.next('what to do by hand is in docs/operating/recover.md; nothing was changed');
}

function shown({ id, runId, end, stood, isLost, ways, status }: LeftBehind) {
  const { steps } = status;
  return { id, runId, end, stood, isLost, ways, steps };
}
