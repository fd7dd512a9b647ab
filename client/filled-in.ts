import { InvalidArgumentError } from 'commander';

import { placeholderProblem } from '../model/placeholder.js';
import { bounded, NAME_LIMIT } from '../model/shown-text.js';
import { MigrationError } from './errors.js';

/** What a person says in their own words; reports and histories show it. */
const FILLED_IN = ['by', 'approver', 'evidence', 'waiver'] as const;

/** Fails with `InputInvalid` where a field of an update only says what has to be there. */
export function requireFilledIn(input: Partial<Record<(typeof FILLED_IN)[number], string>>): void {
  for (const name of FILLED_IN) {
    const text = input[name];
    const problem =
      text === undefined ? undefined : placeholderProblem(bounded(String(text), NAME_LIMIT));
    if (problem === undefined) continue;
    const next = 'repeat it with what is meant in its place';
    throw new MigrationError('refused', 'InputInvalid', `${name}: ${problem}`, next);
  }
}

/** The text of an option that a person fills in. */
export function filledIn(text: string): string {
  const problem = placeholderProblem(bounded(text, NAME_LIMIT));
  if (problem !== undefined) throw new InvalidArgumentError(problem);
  return text;
}
