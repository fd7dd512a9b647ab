/** Longest name of a person, a node or a thing that is taken, characters. */
export const NAME_LIMIT = 200;
/** Longest message of a failure that is kept, characters. */
export const MESSAGE_LIMIT = 2_000;
/** Longest text in one place of a screen: a sentence of ours that quotes a message. */
const SHOWN_LIMIT = 4_000;

/**
 * What is not seen, or changes how the text around it is seen: controls, escapes and bidi marks among them, characters
 * of no width, and letters that are drawn as blanks.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u115f\u1160\u2800\u3164\uffa0]|\u034f|\u17b4|\u17b5/u;
const EVERY_HIDDEN = new RegExp(HIDDEN.source, 'gu');
/** Line ends among them. */
const BLANKS = /\s+/gu;
const REPLACEMENT = '\ufffd';

/** Keeps the UI from making a link of an address: not seen, and no part of one. */
const NO_LINK = '\u2060';
const NEARLY_LINK = /:(?=\/\/)|@|\bwww(?=\.)/gi;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** At most `limit` characters, the last one of a longer text being an ellipsis. */
export function bounded(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit - 1);
  // Half a pair would be no character.
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}

/** Whether there is more to a text than what is seen of it. */
export function hasHidden(text: string): boolean {
  return HIDDEN.test(text);
}

/** A text of somebody else for a terminal: one line, nothing hidden, and no blanks that would begin another one. */
export function plain(text: string): string {
  return text.replace(BLANKS, ' ').replace(EVERY_HIDDEN, REPLACEMENT);
}

/** A command with its options: outside of a span of code the UI makes one dash of two, and nobody could paste it. */
const COMMAND =
  /(canton-migrate [a-z-]{1,40}(?: [a-z][a-z-]{0,40})?(?:(?: or)? --[a-z-]{1,40}(?: (?:<[^<>]{1,40}>|[^\s,;<>-][^\s,;<>]{0,200}))?){1,9})/;

/**
 * The same for Markdown: shown as it is, and neither a link, an image nor anything else of Markdown or HTML; a command
 * with options as a span of code.
 */
export function markdown(text: string): string {
  return bounded(plain(text), SHOWN_LIMIT)
    .split(COMMAND)
    .map((part, at) => (at % 2 === 1 ? `\`${code(part)}\`` : escaped(part)))
    .join('');
}

function escaped(text: string): string {
  return text
    .replace(/[\\`*_[\]<>&|~#]/g, '\\$&')
    .replace(/^(\s*)([-+=]|\d+(?=[.)]))/, (_, blank: string, mark: string) =>
      /\d/.test(mark) ? `${blank}${mark}\\` : `${blank}\\${mark}`,
    )
    .replace(NEARLY_LINK, `$&${NO_LINK}`);
}

/** The same for the inside of an element of HTML, where nothing of Markdown is read. */
export function html(text: string): string {
  return entities(bounded(plain(text), SHOWN_LIMIT)).replace(NEARLY_LINK, `$&${NO_LINK}`);
}

/** The same for a command, which is copied: whole, and nothing put in between. */
export function htmlCode(text: string): string {
  return entities(plain(text));
}

function entities(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

/** The same for a span of code in Markdown, in which nothing but its end has a meaning. */
export function code(text: string): string {
  return plain(text).replaceAll('`', "'");
}

/** The same value with each text in it changed; keys are ours and stay. */
export function eachText<T>(value: T, change: (text: string) => string): T {
  return changed(value, change) as T;
}

/** The same value as JSON on one line, in which every hidden character is an escape of JSON. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(EVERY_HIDDEN, (character) =>
    Array.from({ length: character.length }, (_, index) => {
      const unit = character.charCodeAt(index).toString(16).padStart(4, '0');
      return `\\u${unit}`;
    }).join(''),
  );
}

/** A value of somebody else for a terminal: each text in it as {@link plain} has it, and none too long. */
export function shown<T>(value: T): T {
  return eachText(value, (text) => bounded(plain(text), SHOWN_LIMIT));
}

function changed(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => changed(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, its]) => [key, changed(its, change)]));
}
