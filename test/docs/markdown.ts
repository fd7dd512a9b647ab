import { readFileSync } from 'node:fs';

/** Returns the text of a page of `docs/`. */
export function page(name: string): string {
  return readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
}

/** Returns the rows of the first table below a heading, cells without the backticks around them; no head. */
export function tableBelow(markdown: string, heading: string): string[][] {
  const lines = markdown.split('\n');
  const from = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  if (from < 0) throw new Error(`no heading ${heading}`);
  const below = lines.slice(from + 1);
  const end = below.findIndex((line) => /^#+ /.test(line));
  const section = end < 0 ? below : below.slice(0, end);
  const first = section.findIndex((line) => line.startsWith('|'));
  if (first < 0) throw new Error(`no table below ${heading}`);
  const after = section.slice(first).findIndex((line) => !line.startsWith('|'));
  const rows = section.slice(first, after < 0 ? undefined : first + after);
  return rows.slice(2).map(cells);
}

function cells(row: string): string[] {
  return row
    .slice(1, row.lastIndexOf('|'))
    .split(' | ')
    .map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1'));
}
