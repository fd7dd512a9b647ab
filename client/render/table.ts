import Table from 'cli-table3';

import { count } from '../../model/count.js';
import { broken, widthOf, type Style } from './style.js';

/** More rows than this are cut; `--json` has them all. */
export const ROWS_LIMIT = 60;
/** No column is made narrower than this. */
const NARROWEST = 12;

const NO_LINES = Object.fromEntries(
  [
    ...[
      'top',
      'top-mid',
      'top-left',
      'top-right',
      'bottom',
      'bottom-mid',
      'bottom-left',
      'bottom-right',
    ],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ].map((name) => [name, '']),
);

type Cell = string | number;

/**
 * A table with a head; on no terminal, columns of plain text. Numbers are right-aligned. What is wider than the terminal is
 * broken within its cells, and where that does not do, each row is a few lines.
 */
export function table(style: Style, head: string[], rows: Cell[][]): string {
  const shown = rows.slice(0, ROWS_LIMIT);
  const texts = shown.map((row) => row.map((cell) => (typeof cell === 'number' ? count(cell) : cell)));
  const widths = fitting(style, head, texts);
  const text = widths
    ? drawn(
        style,
        head,
        shown,
        texts.map((row) => row.map((cell, at) => within(cell, widths[at]!))),
      )
    : texts.map((row) => stacked(style, head, row)).join('\n');
  const hidden = rows.length - shown.length;
  return hidden > 0 ? `${text}\n  ... and ${count(hidden)} more, all of them with --json` : text;
}

function drawn(style: Style, head: string[], rows: Cell[][], texts: string[][]): string {
  const isNumber = head.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  const its = new Table({
    head: head.map(style.bold),
    colAligns: isNumber.map((right) => (right ? 'right' : 'left')),
    style: {
      head: [],
      border: [],
      compact: true,
      ...(!style.isTerminal && { 'padding-left': 2, 'padding-right': 0 }),
    },
    ...(!style.isTerminal && { chars: { ...NO_LINES, middle: '' } }),
  });
  its.push(...texts);
  return its
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** How wide each column may be; nothing if the terminal is too narrow for all of them. */
function fitting(style: Style, head: string[], rows: string[][]): number[] | undefined {
  const widest = (cell: string) => Math.max(...cell.split('\n').map(widthOf));
  const widths = head.map((title, at) =>
    Math.max(widthOf(title), ...rows.map((row) => widest(row[at] ?? ''))),
  );
  const borders = style.isTerminal ? 3 * head.length + 1 : 2 * head.length;
  for (;;) {
    const over = widths.reduce((sum, its) => sum + its, borders) - style.columns();
    if (over <= 0) return widths;
    const at = widths.indexOf(Math.max(...widths));
    const least = Math.max(NARROWEST, widthOf(head[at]!));
    if (widths[at]! <= least) return undefined;
    widths[at] = Math.max(least, widths[at]! - over, Math.floor(widths[at]! * 0.9));
  }
}

/** The same text on lines of that width; a longer word is cut. */
function within(cell: string, width: number): string {
  return cell
    .split('\n')
    .flatMap((line) => (widthOf(line) <= width ? [line] : broken(line, width, '')))
    .flatMap((line) => (widthOf(line) <= width ? [line] : (line.match(cut(width)) ?? [])))
    .join('\n');
}

function cut(width: number): RegExp {
  return new RegExp(`.{1,${width}}`, 'g');
}

/** A row where there is no room for columns: its first cell, and below it the others with their heads. */
function stacked(style: Style, head: string[], row: string[]): string {
  const [first = '', ...others] = row;
  const lines = others.flatMap((cell, at) => {
    const title = head[at + 1] ?? '';
    return cell.trim() === ''
      ? []
      : [`    ${title === '' ? '' : `${title}: `}${cell.replaceAll('\n', '; ')}`];
  });
  return [first, ...lines].flatMap((line) => broken(line, style.columns())).join('\n');
}
