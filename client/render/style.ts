import { stripVTControlCharacters } from 'node:util';

import { createColors } from 'picocolors';

/** How text is shown: on a terminal with colours and drawn tables, otherwise as plain lines. */
export interface Style {
  isTerminal: boolean;
  /** How wide a line may be. */
  columns: () => number;
  bold: (text: string) => string;
  dim: (text: string) => string;
  good: (text: string) => string;
  bad: (text: string) => string;
  notice: (text: string) => string;
}

export function createStyle(options: {
  isTerminal: boolean;
  hasColor: boolean;
  columns?: () => number | undefined;
}): Style {
  const colors = createColors(options.hasColor);
  return {
    isTerminal: options.isTerminal,
    columns: () => options.columns?.() || Infinity,
    bold: colors.bold,
    dim: colors.dim,
    good: colors.green,
    bad: colors.red,
    notice: colors.yellow,
  };
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

/** A drawn table. */
const DRAWN = /[\u2500-\u257f]/;
/** How commands begin that are pasted; the name of Temporal's is a word of its own, too. */
const COMMAND = /^\(?(canton-migrate|openssl|ssh-keygen|temporal (operator|worker|workflow))( |$)/;
/** Where a command in a sentence is over. */
const AFTER_COMMAND = ['or', 'and', 'then', 'shows', 'once', 'to', 'waits'];

/**
 * Sentences broken between words where they are wider than the terminal, what follows indented by two more
 * spaces. A command is not broken: where it does not fit it has a line of its own.
 */
export function wrapped(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => (DRAWN.test(line) ? [line] : broken(line, columns)))
    .join('\n');
}

/** A line in pieces that are no wider than that, unless they are one word. */
export function broken(line: string, columns: number, more = '  '): string[] {
  const [start = ''] = /^ */.exec(line) ?? [];
  const lines: string[] = [];
  let current = '';
  for (const word of unbroken(line.slice(start.length))) {
    const longer = current === '' ? `${start}${word}` : `${current} ${word}`;
    if (current === '' || widthOf(longer) <= columns) {
      current = longer;
      continue;
    }
    lines.push(current);
    current = `${start}${more}${word}`;
  }
  return [...lines, current];
}

/** The words of a line, of which a command is one. */
function unbroken(text: string): string[] {
  const words: string[] = [];
  let isCommand = false;
  const all = text.split(' ');
  for (const [at, word] of all.entries()) {
    const before = words.at(-1) ?? '';
    isCommand &&= isHalf(before) || !(AFTER_COMMAND.includes(word) || /[,;:.)]$/.test(before));
    if (isCommand) words[words.length - 1] = `${before} ${word}`;
    else words.push(word);
    isCommand ||= COMMAND.test(stripVTControlCharacters(`${word} ${all[at + 1] ?? ''}`));
  }
  return words;
}

/** Whether it ends within quotation marks or angle brackets. */
function isHalf(command: string): boolean {
  const number = (character: string) => command.split(character).length - 1;
  return number("'") % 2 === 1 || number('<') > number('>');
}

/** Characters that are seen of a line. */
export function widthOf(line: string): number {
  return stripVTControlCharacters(line).length;
}

/** Lines joined with every one indented by two more spaces. */
export function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
