/** As much of a peer's text as any expression sees, and any message shows. */
const MAX_TEXT = 2_048;
/** What is kept of the end of a longer text: an error that wraps another one has it there. */
const KEPT_END = 512;
const CUT = ' [...] ';
/** Names and ids of peers. */
const MAX_NAME = 200;

/** Control characters but for line feed and tab, and halves of characters. */
// eslint-disable-next-line no-control-regex
const UNREADABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Surrogate}/gu;

/**
 * Returns what a peer says as text of 2,048 characters at most, without control characters and halves of characters.
 *
 * Everything that a peer sends as text goes through here before anything looks at it.
 */
export function shortened(text: unknown): string {
  const whole = typeof text === 'string' ? text : '';
  return readable(
    whole.length <= MAX_TEXT
      ? whole
      : whole.slice(0, MAX_TEXT - KEPT_END - CUT.length) + CUT + whole.slice(-KEPT_END),
  );
}

/** The same for a name or an id: 200 characters at most, on one line. */
export function shortenedName(text: string): string {
  return readable(text.slice(0, MAX_NAME)).replace(/[\n\t]/g, '\ufffd');
}

function readable(text: string): string {
  return text.replace(UNREADABLE, '\ufffd');
}
