import { counted } from '../../model/count.js';
import { plain } from '../../model/shown-text.js';
import type { Style } from '../../client/render/style.js';
import { table } from '../../client/render/table.js';
import { STATUSES, type CheckResult, type CheckStatus } from './result.js';

/** What is said one by one, the worst last; what is good is only in the table. */
const TOLD: readonly CheckStatus[] = ['not tried', 'needed', 'warning', 'problem'];

/** Results for an operator: what has to be done, and then a line for each thing that was looked at. */
export function renderResults(results: readonly CheckResult[], style: Style): string {
  const told = TOLD.flatMap((status) => joined(results.filter((its) => its.status === status)));
  return [...told.map((its) => renderResult(its, style)), renderTable(results, style)].join('\n\n');
}

/** `2 problems, 1 warning`; what there is none of is left out. */
export function summaryOf(results: readonly CheckResult[]): string {
  const number = (status: CheckStatus) => results.filter((its) => its.status === status).length;
  const parts = [
    [number('problem'), 'problem'],
    [number('warning'), 'warning'],
  ] as const;
  const found = parts.flatMap(([value, name]) => (value > 0 ? [counted(value, name)] : []));
  return found.join(', ') || 'no problem';
}

/** The same of several things is said once. */
function joined(results: readonly CheckResult[]): CheckResult[] {
  const found = new Map<string, CheckResult>();
  for (const its of results) {
    const key = JSON.stringify([its.check, its.what, its.next]);
    const same = found.get(key);
    found.set(key, same ? { ...same, about: `${same.about}; ${its.about}` } : its);
  }
  return [...found.values()];
}

function renderResult({ check, about, status, what, next }: CheckResult, style: Style): string {
  const title = `${marked(status, style)}  ${style.bold(check)} (${plain(about)})`;
  const lines = [`${title}: ${plain(what)}`];
  if (next !== undefined) lines.push(`  ${style.dim('next:')} ${plain(next)}`);
  return lines.join('\n');
}

function renderTable(results: readonly CheckResult[], style: Style): string {
  const rows = new Map<string, { check: string; about: string; results: CheckResult[] }>();
  for (const { check, about, ...rest } of results) {
    const key = `${check} ${about}`;
    const row = rows.get(key) ?? { check, about, results: [] };
    row.results.push({ check, about, ...rest });
    rows.set(key, row);
  }
  const cells = [...rows.values()].map(({ check, about, results: its }) => {
    const [worst] = [...STATUSES].reverse().filter((status) => its.some((one) => one.status === status));
    return [check, plain(about), marked(worst!, style)];
  });
  return table(style, ['check', 'of', 'result'], cells);
}

function marked(status: CheckStatus, style: Style): string {
  if (status === 'problem') return style.bad(status);
  if (status === 'warning') return style.notice(status);
  return status === 'ok' ? style.good(status) : style.dim(status);
}
