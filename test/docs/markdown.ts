import { readdirSync, readFileSync } from 'node:fs';

/** Returns the text of a page of `docs/`. */
export function page(name: string): string {
  return readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
}

/** Returns the pages for operators, one after the other. */
export function operatingPages(): string {
  const names = readdirSync(new URL('../../docs/operating', import.meta.url));
  return names.map((name) => page(`operating/${name}`)).join('\n');
}

/** An entry below a heading; types that share meaning and cure share one, `A`, `B`. */
export interface Entry {
  type: string;
  kind: string;
  meaning: string;
  cure: string;
}

/** Returns the entries below a heading of the third level. */
export function entriesBelow(markdown: string, heading: string): Entry[] {
  const [, after = ''] = markdown.split(`\n### ${heading}\n`);
  const [section = ''] = after.split(/\n#{1,3} /);
  return section
    .split(/^#### /m)
    .slice(1)
    .flatMap((text) => {
      const [name = '', described = '', cure = ''] = text.trim().split('\n\n').map(unwrapped);
      const [, kind = '', meaning = ''] = /^([^.]*)\. (.*)$/.exec(described) ?? [];
      return name.split(', ').map((type) => ({
        type: type.replaceAll('`', ''),
        kind: kind.toLowerCase(),
        meaning,
        cure: cure.replace('**Cure:** ', ''),
      }));
    });
}

function unwrapped(text: string): string {
  return text.replaceAll('\n', ' ');
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
