import { Command } from 'commander';

import { runProgram } from '../run-program.js';

/** Hands everything on: the options of the sandbox are its own. */
export function sandboxCommand(): Command {
  return new Command('sandbox')
    .description('run simulated participants to try a migration on')
    .helpOption(false)
    .allowUnknownOption()
    .argument('[options...]', 'see canton-migrate sandbox --help')
    .action(async (args: string[]) => {
      process.exitCode = await runProgram('sandbox', args);
    });
}
