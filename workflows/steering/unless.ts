import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';

/**
 * Runs `work`, and cancels it once `isCalled`. Nothing is returned then. A cancellation from outside is
 * thrown.
 */
export async function unless<T>(
  isCalled: () => boolean,
  work: () => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    return await CancellationScope.cancellable(async () => {
      const scope = CancellationScope.current();
      condition(isCalled).then(
        () => scope.cancel(),
        () => undefined,
      );
      try {
        return await work();
      } finally {
        scope.cancel();
      }
    });
  } catch (error) {
    if (isCancellation(error) && isCalled()) return undefined;
    throw error;
  }
}
