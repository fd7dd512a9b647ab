import { CantonRefusal } from '../errors.js';

/** Returns the refusal of a request whose values make no sense. */
export function invalidArgument(reason: string): CantonRefusal {
  return new CantonRefusal({
    id: 'INVALID_ARGUMENT',
    category: 8,
    cause: `The submitted request has invalid arguments: ${reason}`,
    definiteAnswer: false,
  });
}

/** Returns the refusal of a Ledger API request that lacks a mandatory field. */
export function missingField(field: string): CantonRefusal {
  return new CantonRefusal({
    id: 'MISSING_FIELD',
    category: 8,
    cause: `The submitted command is missing a mandatory field: ${field}`,
    metadata: { field_name: field },
    definiteAnswer: false,
  });
}
