import { unary, type Handler } from './grpc.js';

/**
 * Returns the handlers of the Admin API's PruningService: no schedule, and nothing that is safe to prune yet
 * (the deduplication window of a young node covers everything; golden/packages-revocation.jsonl 13).
 */
export function pruningService(): Record<string, Handler> {
  return {
    GetSchedule: unary(() => ({})),
    GetSafePruningOffset: unary(() => ({ no_safe_pruning_offset: {} })),
  };
}
