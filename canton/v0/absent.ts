/** Stands for a call that a plan for Canton 2.10 never makes: it would be a bug. */
export function onlyOnCanton3(): never {
  throw new Error('a participant of Canton 2.10 has no such call');
}
