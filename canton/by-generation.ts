import type { Abilities } from '../model/abilities.js';
import type { Participant } from '../model/participant-access.js';

type Method = (...given: unknown[]) => unknown;
type Methods = Record<string, Method>;

/** What is read message by message. */
const STREAMED = /^(scan|exportAcs$)/;
/** What a client of Canton 3 makes of its arguments alone, without a call. */
const BUILT: ReadonlySet<string> = new Set(['buildPartyMapping', 'assembleProposal']);

/** The clients of whichever generation answers, which is asked before the first call of each. */
export function byGeneration(
  clients: Record<Abilities['generation'], Participant>,
  readGeneration: () => Promise<Abilities['generation']>,
): Participant {
  const groups = Object.entries(clients['3']).map(([name, its]) => [
    name,
    typeof its === 'string' ? its : choosing(name as keyof Participant),
  ]);
  return Object.fromEntries(groups) as Participant;

  function choosing(name: keyof Participant): unknown {
    const of3 = clients['3'][name] as unknown as Methods;
    const chosen = async () => clients[await readGeneration()][name] as unknown as Methods;
    return new Proxy(of3, {
      get(_, property) {
        const method = property as string;
        if (typeof of3[method] !== 'function') return of3[method];
        if (BUILT.has(method)) return of3[method].bind(of3);
        if (STREAMED.test(method)) {
          return async function* (...given: unknown[]) {
            yield* (await chosen())[method]!(...given) as AsyncIterable<unknown>;
          };
        }
        return async (...given: unknown[]) => (await chosen())[method]!(...given);
      },
    });
  }
}
