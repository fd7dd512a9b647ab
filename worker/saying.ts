import { plain } from '../model/shown-text.js';

/** Tells whoever started the worker; the log is for machines. */
export function say(line: string): void {
  process.stdout.write(`${plain(line)}\n`);
}
