import { bounded } from './shown-text.js';

/** A name, or what is in the way with its cure. */
const ITEM_LIMIT = 600;

/** `1234567` as `1,234,567`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 package`, `2 packages`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** The first `limit` items as text, and how many more there are. */
export function listed(items: readonly string[], limit = 5): string {
  return firstOf(items.slice(0, limit), items.length);
}

/** The items as text, each bounded, and how many more of `total` there are: `a, b and 3 more`. */
export function firstOf(items: readonly string[], total: number): string {
  const more = total - items.length;
  const named = items.map((item) => bounded(item, ITEM_LIMIT));
  return named.join(', ') + (more > 0 ? ` and ${count(more)} more` : '');
}

/** The same as lines, which begin with `mark`. */
export function firstLines(items: readonly string[], total: number, mark: string): string[] {
  const more = total - items.length;
  return [...items, ...(more > 0 ? [`... and ${count(more)} more`] : [])].map((item) => mark + item);
}
