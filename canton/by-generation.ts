import type { Abilities } from '../model/abilities.js';
import type { Participant } from '../model/participant-access.js';
import { isMissing, type Identity } from './identity.js';

type Method = (...given: unknown[]) => unknown;
type Methods = Record<string, Method>;

/** What is read message by message. */
const STREAMED = /^(scan|exportAcs$)/;
/** What a client of Canton 3 makes of its arguments alone, without a call. */
const BUILT: ReadonlySet<string> = new Set(['buildPartyMapping', 'assembleProposal']);

/** What is asked of a node that may not be able to prove who it is: Canton 3 gets this call and no other. */
const UNPROVEN: ReadonlySet<string> = new Set(['readUid', 'readStatus']);

/** The clients of whichever generation answers, which is found out before the first call. */
export function byGeneration(
  clients: Record<Abilities['generation'], Participant>,
  identity: Identity,
): Participant {
  const groups = Object.entries(clients['3']).map(([name, its]) => [
    name,
    typeof its === 'string' ? its : choosing(name as keyof Participant),
  ]);
  return Object.fromEntries(groups) as Participant;

  function choosing(name: keyof Participant): unknown {
    const of3 = clients['3'][name] as unknown as Methods;
    const chosen = async () => clients[await identity.readGeneration()][name] as unknown as Methods;
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
        return async (...given: unknown[]) => {
          if (!UNPROVEN.has(method) || identity.isGenerationKnown)
            return (await chosen())[method]!(...given);
          try {
            return await of3[method]!(...given);
          } catch (error) {
            if (!isMissing(error)) throw error;
            const its = await chosen().catch((second: unknown) => {
              throw isMissing(second) ? error : second;
            });
            if (its === of3) throw error;
            return its[method]!(...given);
          }
        };
      },
    });
  }
}
