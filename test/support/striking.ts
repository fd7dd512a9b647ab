import type { FaultTarget } from '../../sandbox/faults.js';
import type { Sandbox } from '../../sandbox/index.js';

/** Something that happens right before one call reaches its node; nobody who calls is asked. */
export interface Strike {
  /** The call it came before, once it has happened: `<participant> <method>`. */
  readonly before: string | undefined;
  /** No more: if it has not happened, it never will. */
  end(): void;
}

/** Runs `act` before the call that `isDue` picks first, of those that reach the nodes from now on; the call waits for it. */
export function strikeBefore(
  { faults }: Pick<Sandbox, 'faults'>,
  isDue: (call: FaultTarget) => boolean,
  act: () => unknown,
): Strike {
  const enter = faults.enter.bind(faults);
  let before: string | undefined;
  const end = () => void (faults.enter = enter);
  faults.enter = async (call, signal) => {
    if (before === undefined && isDue(call)) {
      before = `${call.participant} ${call.method}`;
      await act();
    }
    return enter(call, signal);
  };
  return {
    get before() {
      return before;
    },
    end,
  };
}
