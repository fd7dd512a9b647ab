import { Argument, Command } from 'commander';

import { completionScript, SHELLS, type Shell } from '../completion.js';

const EXAMPLES = `
Examples:
  $ source <(canton-migrate completion bash)
  $ canton-migrate completion fish > ~/.config/fish/completions/canton-migrate.fish`;

export function completionCommand(): Command {
  const command = new Command('completion');
  return command
    .description('print a script that has a shell complete verbs and options')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', EXAMPLES)
    .action((shell: Shell) => {
      process.stdout.write(completionScript(command.parent!, shell));
    });
}
