import type { MigrationRequest } from './request.js';
import { bounded, code, hasHidden, markdown, NAME_LIMIT, plain } from './shown-text.js';

/** Field of a migration's memo in Temporal that says what was asked for, from its first moment on. */
export const STARTED_MEMO = 'started';

/** What was asked for, and by whom, small enough for a list of migrations. */
export interface StartedMemo {
  /** By their names in the worker's configuration. */
  source: string;
  target: string;
  /** Who started it; absent where nobody said. */
  by?: string;
}

/** What such a field says; nothing of any other value: whoever starts a workflow writes its memo. */
export function readStarted(value: unknown): StartedMemo | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { source, target, by } = value as Record<string, unknown>;
  if (!isName(source) || !isName(target)) return undefined;
  return { source, target, ...(isName(by) && { by }) };
}

/** As it is written there; a name that is none is left out. */
export function startedMemo(
  { source, target }: Pick<StartedMemo, 'source' | 'target'>,
  by: string | undefined,
): StartedMemo {
  return { source, target, ...(isName(by) && { by }) };
}

/** How a migration is called and described in Temporal's UI from its first moment on, also without a worker. */
export interface StartTexts {
  /** One line, for the list. */
  staticSummary: string;
  /** Markdown, beside the card: what was asked for. */
  staticDetails: string;
}

/** Returns these texts for a request, and for who started it. */
export function startTexts(request: MigrationRequest, by: string | undefined): StartTexts {
  const { source, target, sourceSynchronizer, targetSynchronizer, route } = request;
  const named = (text: string) => `\`${code(text)}\``;
  const details = [
    `Source: ${named(source)} on ${named(sourceSynchronizer)}`,
    `Target: ${named(target)} on ${named(targetSynchronizer)}`,
    `Route: ${route ?? 'as the plan chooses'}`,
    ...(isName(by) ? [`Started by ${markdown(by)}`] : []),
  ];
  return {
    staticSummary: bounded(plain(`Migrate ${source} to ${target}`), NAME_LIMIT),
    staticDetails: `${details.map((line) => `- ${line}`).join('\n')}\n`,
  };
}

function isName(value: unknown): value is string {
  return (
    typeof value === 'string' && value.trim() !== '' && value.length <= NAME_LIMIT && !hasHidden(value)
  );
}
