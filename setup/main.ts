/**
 * Runs what an operator does before a migration: `setup/main.js <doctor|init> <options as JSON>`.
 *
 * Exit codes are those of the CLI.
 */
import { doctor } from './doctor/command.js';
import { init } from './init/command.js';
import type { DoctorOptions, InitOptions } from './options.js';

const [command, given = '{}'] = process.argv.slice(2);

process.exit(await main());

async function main(): Promise<number> {
  const options: unknown = JSON.parse(given);
  if (command === 'doctor') return doctor(options as DoctorOptions);
  if (command === 'init') return init(options as InitOptions);
  throw new Error(`expected doctor or init, found ${command}`);
}
