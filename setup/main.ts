/**
 * Runs what an operator does before a migration: `setup/main.js <doctor|init> <options as JSON>`.
 *
 * Exit codes are those of the CLI.
 */
import { doctor } from './doctor/command.js';
import type { DoctorOptions } from './options.js';

const [command, given = '{}'] = process.argv.slice(2);

process.exit(await main());

async function main(): Promise<number> {
  const options: unknown = JSON.parse(given);
  if (command === 'doctor') return doctor(options as DoctorOptions);
  throw new Error(`expected doctor, found ${command}`);
}
