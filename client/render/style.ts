import { stripVTControlCharacters } from 'node:util';

import Table from 'cli-table3';
import { createColors } from 'picocolors';

import { count } from '../../model/count.js';

/** How text is shown: on a terminal with colours and drawn tables, otherwise as plain lines. */
export interface Style {
  isTerminal: boolean;
  bold: (text: string) => string;
  dim: (text: string) => string;
  good: (text: string) => string;
  bad: (text: string) => string;
  notice: (text: string) => string;
}

/** More rows than this are cut; `--json` has them all. */
export const ROWS_LIMIT = 60;

export function createStyle(options: { isTerminal: boolean; hasColor: boolean }): Style {
  const colors = createColors(options.hasColor);
  return {
    isTerminal: options.isTerminal,
    bold: colors.bold,
    dim: colors.dim,
    good: colors.green,
    bad: colors.red,
    notice: colors.yellow,
  };
}

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

/** A table with a head; on no terminal, columns of plain text. Numbers are right-aligned. */
export function table(style: Style, head: string[], rows: (string | number)[][]): string {
  const shown = rows.slice(0, ROWS_LIMIT);
  const isNumber = head.map((_, column) => shown.some((row) => typeof row[column] === 'number'));
  const drawn = new Table({
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
  for (const row of shown)
    drawn.push(row.map((cell) => (typeof cell === 'number' ? count(cell) : cell)));
  const text = drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
  const hidden = rows.length - shown.length;
  return hidden > 0 ? `${text}\n  ... and ${count(hidden)} more, all of them with --json` : text;
}

/** Estimates are given in steps of so many seconds, below so many. */
const STEPS = [
  { below: 20, step: 1 },
  { below: 120, step: 5 },
  { below: 600, step: 30 },
  { below: 7_200, step: 60 },
  { below: Infinity, step: 600 },
];

/** An estimate, no more exact than it is: `7 s`, `1 min 10 s`, `12 min`, `2 h 10 min`. */
export function roughly(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'unknown';
  const { step } = STEPS.find(({ below }) => seconds < below)!;
  const rounded = Math.round(seconds / step) * step;
  const parts: [number, string][] = [
    [Math.floor(rounded / 3600), 'h'],
    [Math.floor(rounded / 60) % 60, 'min'],
    [rounded % 60, 's'],
  ];
  const shown = parts.filter(([value]) => value > 0).map(([value, unit]) => `${value} ${unit}`);
  return shown.join(' ') || '0 s';
}

/** A long id with the middle of its fingerprint left out: `alice::1220ab...cdef`. */
export function shortId(id: string): string {
  return id.replace(/([0-9a-f]{8})[0-9a-f]{20,}([0-9a-f]{4})/g, '$1...$2');
}

/** A drawn table, or what is there to be copied as it stands. */
const UNBROKEN = /[\u2500-\u257f]|openssl|canton-migrate/;

/**
 * Sentences broken between words where they are wider than the terminal, what follows indented by two more
 * spaces.
 */
export function wrapped(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => (UNBROKEN.test(line) ? [line] : broken(line, columns)))
    .join('\n');
}

function broken(line: string, columns: number): string[] {
  const [start = ''] = /^ */.exec(line) ?? [];
  const lines: string[] = [];
  let current = '';
  for (const word of line.slice(start.length).split(' ')) {
    const longer = current === '' ? `${start}${word}` : `${current} ${word}`;
    if (current === '' || stripVTControlCharacters(longer).length <= columns) {
      current = longer;
      continue;
    }
    lines.push(current);
    current = `${start}  ${word}`;
  }
  return [...lines, current];
}

/** Lines joined with every one indented by two more spaces. */
export function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
