import { createRequire } from 'node:module';
import { Command } from 'commander';

import { MigrationError } from '../errors.js';
import { runProgram } from '../run-program.js';
import { Terminal } from '../terminal.js';

/** Hands everything on: the options of the sandbox are its own. */
export function sandboxCommand(): Command {
  return new Command('sandbox')
    .description('run simulated participants to try a migration on')
    .helpOption(false)
    .allowUnknownOption()
    .argument('[options...]', 'see canton-migrate sandbox --help')
    .action(async (args: string[]) => {
      try {
        assertSandboxInstalled();
      } catch (error) {
        process.exitCode = new Terminal(args.includes('--json')).fail(error);
        return;
      }
      process.exitCode = await runProgram('sandbox', args);
    });
}

/** Throws if the package of the sandbox is not installed where a module, given by its URL, looks for packages. */
export function assertSandboxInstalled(module = import.meta.url): void {
  try {
    createRequire(module).resolve('canton-sandbox/package.json');
  } catch (cause) {
    throw new MigrationError(
      'unexpected',
      'SandboxMissing',
      'canton-sandbox: not installed, expected the package of that name beside canton-migrate; it has a tarball of its own',
      'install both tarballs that a checkout of canton-migrate makes: npm pack --workspaces --include-workspace-root',
      { cause },
    );
  }
}
