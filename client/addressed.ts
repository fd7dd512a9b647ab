import { quoted } from './command-options.js';

/** Commands about one migration, up to where its name stands, unless it is there. */
const COMMANDS =
  /canton-migrate (?:approve [\w<>-]+|status|parties|park|recover|repair|pause|resume|abort|close|retune|provide-signature|signatures (?:export|import))(?![\w-])(?! (?:migrate-participant\/|--source |'?\S+::))/g;

/**
 * The commands of a text with the migration as the operator named it: with several open they would refuse
 * without.
 */
export function addressed(text: string, reference: string | undefined): string {
  if (reference === undefined) return text;
  return text.replace(COMMANDS, (command) => `${command} ${quoted(reference)}`);
}
