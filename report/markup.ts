import { plain } from '../model/shown-text.js';

/** HTML that is safe: every text in it was escaped where it was put in. */
export class Html {
  constructor(readonly text: string) {}
}

type Content = string | number | Html | readonly Html[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template whose values are texts of anybody: each is escaped, for content and for attributes in quotes. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(
    parts.map((part, at) => (at === 0 ? part : markupOf(values[at - 1]!) + part)).join(''),
  );
}

export const NOTHING = new Html('');

function markupOf(value: Content): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return plain(value).replace(/[&<>"']/g, (found) => ESCAPES[found]!);
  return value.map(({ text }) => text).join('');
}

/** A table; on a narrow page each row becomes a block, with the heads before the cells. */
export function tableOf(head: readonly string[], rows: readonly (readonly Content[])[]): Html {
  const isNumber = head.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  const classOf = (column: number) => (isNumber[column] ? html` class="number"` : NOTHING);
  const cell = (value: Content, column: number) => {
    const shown = typeof value === 'number' ? value.toLocaleString('en-US') : value;
    return html`<td${classOf(column)} data-head="${head[column] ?? ''}">${shown}</td>`;
  };
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head.map((name, column) => html`<th scope="col" ${classOf(column)}>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map(cell)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A time as people read it, to the second. */
export function timeText(time: string | number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

/** A list, or nothing. */
export function listOf(items: readonly Content[]): Html {
  return items.length === 0
    ? NOTHING
    : html`<ul>
        ${items.map((item) => html`<li>${item}</li> `)}
      </ul>`;
}

/** A section with a heading; nothing if there is nothing in it. */
export function section(heading: string, ...content: readonly Html[]): Html {
  if (content.every(({ text }) => text === '')) return NOTHING;
  return html`<section>
    <h2>${heading}</h2>
    ${content}
  </section> `;
}
