/** What stands in a manual for something that a person has to fill in, alone. */
const ALONE =
  /^(?:\.{2,}|…|-+|\?+|x{3,}|todo|tbd|fixme|name|reason|evidence|approver|signature|base64|(?:your|my) (?:name|reason))$/i;
/** The same inside of a text: words in angle brackets. An address, as in `Ada <ada@example.com>`, is none. */
const WITHIN = /^\s*<[^<>@]*>\s*$|<[\p{L} _-]*(?:\.\.\.|…)?>|\bTODO\b/u;

/** Whether a text only stands for a name, a reason or evidence, as in an example that was pasted as it is. */
export function isPlaceholder(text: string): boolean {
  const words = text.trim().replace(/[\s_-]+/g, ' ');
  return text.trim() === '' || ALONE.test(words) || WITHIN.test(text);
}

/** What is wrong with a text that a person has to have filled in; nothing if it may be one. */
export function placeholderProblem(text: string): string | undefined {
  if (text.trim() === '') return 'found nothing, expected what is asked for';
  return isPlaceholder(text)
    ? `found ${JSON.stringify(text.trim())}, a placeholder, expected what it stands for`
    : undefined;
}
