import type { CallRecord } from '../../sandbox/index.js';
import { callsOf } from '../support/stack.js';
import type { Boundary } from './journey.js';
import type { RouteName } from './procedure.js';
import { startWorld } from './world.js';

/**
 * Every moment of the way forward on a route at which something can happen: the first and the last call of each kind. A
 * warm copy is the cold one before its first step of its own.
 */
export async function boundariesForward(route: RouteName): Promise<Boundary[]> {
  return inWorld(route, async (world) => {
    const found: Boundary[] = [];
    for (const step of world.procedure.steps) {
      const calls = await callsOf(world, () => world.procedure.apply(step));
      found.push(...boundariesOf({ route, direction: 'forward', step }, calls));
    }
    return found.filter(({ step }) => !isAsCold(route, step, world.procedure.steps));
  });
}

/**
 * The same of the abort that begins once a step is done: of the undo that comes first then, and from the last step that can be undone of
 * everything, in reverse.
 */
export async function boundariesBack(route: RouteName, step: string): Promise<Boundary[]> {
  return inWorld(route, async (world) => {
    const { procedure } = world;
    const { steps } = procedure;
    if (isAsCold(route, step, steps)) return [];
    for (const each of steps) {
      await procedure.apply(each);
      if (each === step) break;
    }
    if (procedure.isPastPointOfNoReturn()) return [];
    const isLast = procedure.isBeforeNoReturn(step);
    const calls = await callsOf(world, () => (isLast ? procedure.undo() : procedure.undoLast(step)));
    return boundariesOf({ route, direction: 'abort', step }, calls);
  });
}

/** The steps of a route. */
export function stepsOf(route: RouteName): Promise<readonly string[]> {
  return inWorld(route, async ({ procedure }) => procedure.steps);
}

export function keyOf(
  { route, direction, step, participant, method, occurrence }: Boundary,
  change: string,
): string {
  return `${route}/${direction}/${step}/${participant} ${method}#${occurrence}/${change}`;
}

/** The reverse of {@link keyOf}. */
export function boundaryOf(key: string): { boundary: Boundary; change: string } {
  const [route, direction, step, call, ...rest] = key.split('/') as [
    RouteName,
    'forward',
    string,
    string,
  ];
  const [participant = '', method = '', occurrence = '1'] = call.split(/[ #]/);
  const boundary = { route, direction, step, participant, method, occurrence: Number(occurrence) };
  return { boundary, change: rest.join('/') };
}

function isAsCold(route: RouteName, step: string, steps: readonly string[]): boolean {
  return route === 'warm' && steps.indexOf(step) < steps.indexOf('copy-ahead');
}

type Place = Pick<Boundary, 'route' | 'direction' | 'step'>;

function boundariesOf(place: Place, calls: readonly CallRecord[]): Boundary[] {
  const counts = new Map<string, number>();
  for (const { participant, method } of calls) {
    const kind = `${participant} ${method}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].flatMap(([kind, count]) => {
    const [participant = '', method = ''] = kind.split(' ');
    return [...new Set([1, count])].map((occurrence) => ({ ...place, participant, method, occurrence }));
  });
}

async function inWorld<T>(
  route: RouteName,
  work: (world: Awaited<ReturnType<typeof startWorld>>) => Promise<T>,
): Promise<T> {
  const endings: (() => unknown)[] = [];
  try {
    return await work(await startWorld({ after: (end) => void endings.push(end) }, route));
  } finally {
    for (const end of endings) await end();
  }
}
