import { Command } from 'commander';

import { describeAlias } from '../../model/source-watch.js';
import {
  addCommonOptions,
  addIdentityOption,
  findNamed,
  NAMED,
  withClient,
  type CommonOptions,
} from '../command-options.js';

interface ParkOptions extends CommonOptions {
  as: string;
  participant?: string;
  servedBy?: string;
  force?: boolean;
}

const EXAMPLES = `
Examples:
  $ canton-migrate park
  $ canton-migrate park 'old::1220...' --as 'Ada Lovelace'
  $ canton-migrate park --participant old --served-by new

After the cut-over, when the source watch raised an alarm: disconnects the source everywhere, with manual connect. Once its
migration is closed, name the node, and the one that serves its parties now: it is parked only if that one does.
Parties that the plan left on the node are named then, and need --force.`;

export function parkCommand(): Command {
  return addIdentityOption(addCommonOptions(new Command('park')))
    .description('after the cut-over: park the source again if somebody connected it')
    .argument('[migration]', NAMED)
    .option('--participant <name>', 'once the migration is closed: the node to park')
    .option('--served-by <name>', 'the node that serves its parties now')
    .option('--force', 'with them: park it also where parties stay on it that the other does not serve')
    .addHelpText('after', EXAMPLES)
    .action(async (reference: string | undefined, options: ParkOptions, command: Command) => {
      const { as: by, participant, servedBy, force } = options;
      const isNamed = participant !== undefined && servedBy !== undefined;
      const isAlone = participant === undefined && servedBy === undefined && !force;
      if (isNamed ? reference !== undefined : !isAlone) {
        command.error('error: expected a migration, or --participant and --served-by together, alone');
      }
      await withClient(options, async (client, terminal) => {
        if (isNamed) {
          const request = { participant, servedBy, by, ...(force && { force }) };
          const { aliases, ...counts } = await client.parkParticipant(request);
          const list = aliases.map((alias) => `\n  ${describeAlias(alias)}`).join('');
          terminal.print(
            `${participant} is parked; ${servedBy} serves ${counts.served} of the ${counts.hosted} parties that it hosts:${list}`,
          );
          terminal.printJson({ participant, servedBy, aliases, ...counts, by });
          return terminal.next(`find out who connected ${participant}, and stop that or its process`);
        }
        const id = await findNamed(client, terminal, reference);
        await client.park(id, { by });
        terminal.print(`${id}: the source is being parked`);
        terminal.printJson({ id, by });
        terminal.next('see whether it is: canton-migrate status');
      });
    });
}
