import { TemporalProblem } from './problem.js';

/** gRPC. */
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const UNIMPLEMENTED = 12;
const UNAUTHENTICATED = 16;

/** The worker's SDK has no code for the first call of a connection, but the words of its library. */
const REFUSED_IN_WORDS = /does not have (valid authentication credentials|permission to execute)/;
const NO_SUCH_NAMESPACE = /Namespace (\S+) is not found/;

/** What Temporal itself answers to who may not use it, or asks for a namespace that it does not have; else nothing. */
export function findRefusal(
  error: unknown,
  its: { address?: string; namespace?: string } = {},
): TemporalProblem | undefined {
  const where = its.address === undefined ? 'Temporal' : `Temporal at ${its.address}`;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, details, message } = cause as { code?: unknown; details?: unknown; message: string };
    // The worker's SDK has them empty.
    const said = typeof details === 'string' && details !== '' ? details : message;
    const missing =
      cause.name === 'NamespaceNotFoundError'
        ? (cause as { namespace?: string }).namespace
        : code === NOT_FOUND
          ? NO_SUCH_NAMESPACE.exec(said)?.[1]
          : undefined;
    if (missing !== undefined)
      return new TemporalProblem('NamespaceMissing', `${where} has no namespace ${missing}`, {
        cause: error,
      });
    if (code === PERMISSION_DENIED || code === UNAUTHENTICATED || REFUSED_IN_WORDS.test(message)) {
      const of = its.namespace === undefined ? '' : ` to namespace ${its.namespace}`;
      const what = `${where} refuses access${of}: ${saidOf(said)}`;
      return new TemporalProblem('TemporalAccessRefused', what, { cause: error });
    }
    if (code === UNIMPLEMENTED && its.address !== undefined) {
      const what = `what answers at ${its.address} speaks gRPC and is not Temporal: ${said}`;
      return new TemporalProblem('TemporalNotSpoken', what, { cause: error });
    }
  }
  return undefined;
}

/** Without what the worker's SDK says around it. */
function saidOf(text: string): string {
  return /message: "([^"]*)"/.exec(text)?.[1] ?? text;
}
