import { code, htmlCode, markdown } from './shown-text.js';

/**
 * A command as sentences of ours have it: a verb, what it is about, and options. What follows a comma or semicolon is the
 * sentence again.
 */
const COMMAND =
  /canton-migrate (?:signatures (?:export|import)|report verify|approve [a-z-]+|[a-z][a-z-]*)(?: '[^']*[/:][^']*'| [^\s,;'"]*(?:\/|::)[^\s,;'"]*)?(?: --[a-z][a-z-]*(?: (?:'[^']*'(?:\\''[^']*')*|[^\s,;'"-][^\s,;'"]*))?)*/g;

/** Verbs that are about one migration, which has to be named where several are open. */
const ABOUT_ONE =
  /^canton-migrate (?:approve [a-z-]+|status|pause|resume|abort|close|park|repair|retune|parties|provide-signature|signatures (?:export|import))(?= --|$)/;

/**
 * A block of code, in which Markdown changes nothing: the UI makes one dash of two hyphens and swallows `<...>` elsewhere.
 */
export function fenced(text: string): string {
  return ['```', code(text), '```'].join('\n');
}

/** The same command, about this migration. */
export function aboutMigration(command: string, workflowId: string): string {
  const name = /^[\w:/.-]+$/.test(workflowId) ? workflowId : `'${workflowId.replaceAll("'", '')}'`;
  return command.replace(ABOUT_ONE, (start) => `${start} ${name}`);
}

/**
 * A sentence of ours as Markdown, each command in it as a block of its own that names the migration. Not for texts of
 * somebody else: a block looks like an order.
 */
export function withCommands(text: string, workflowId: string): string {
  const commands = (text.match(COMMAND) ?? []).map((its) => fenced(aboutMigration(its, workflowId)));
  const words = text
    .split(COMMAND)
    .map((its) => its.replace(/^[,;]? */, '').trim())
    .map(markdown);
  return words
    .flatMap((its, at) => [its, commands[at] ?? ''])
    .filter((its) => its !== '')
    .join('\n\n');
}

/** Part of a folded section: a text, or a command to be copied. */
export type FoldedItem = string | { command: string };

/**
 * A section that is closed until somebody opens it; empty without items. Markdown is not read inside of HTML, so that the
 * items are HTML, on one line.
 *
 * @param items texts as `html` has them, and commands as they are
 */
export function folded(title: string, items: readonly FoldedItem[]): string {
  if (items.length === 0) return '';
  const parts = items.map((item) =>
    typeof item === 'string'
      ? `<ul><li>${item}</li></ul>`
      : `<pre><code>${htmlCode(item.command)}</code></pre>`,
  );
  const body = parts.join('').replaceAll('</ul><ul>', '');
  return `<details><summary>${title}</summary>${body}</details>`;
}
