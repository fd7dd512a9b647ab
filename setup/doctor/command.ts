import { createStyle } from '../../client/render/style.js';
import { EXIT } from '../../client/terminal.js';
import { visibleJson } from '../../model/shown-text.js';
import type { DoctorOptions } from '../options.js';
import { diagnose } from './index.js';
import { renderResults, summaryOf } from './render.js';

/** Prints what the checks found; returns the exit code: 3 if there is a problem. */
export async function doctor(options: DoctorOptions): Promise<number> {
  const { json, config, request } = options;
  const isTerminal = json !== true && process.stdout.isTTY === true;
  const style = createStyle({ isTerminal, hasColor: isTerminal });
  const results = await diagnose(options);
  const hasProblem = results.some(({ status }) => status === 'problem');
  if (json) process.stdout.write(`${visibleJson({ isReady: !hasProblem, results })}\n`);
  else {
    const asked = `--config ${config}${request === undefined ? '' : ` --request ${request}`}`;
    const next = hasProblem
      ? `do what each problem says, then canton-migrate doctor ${asked}`
      : `canton-migrate worker --config ${config}`;
    const lines = [renderResults(results, style), '', summaryOf(results), `next: ${next}`];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  return hasProblem ? EXIT.refused : EXIT.done;
}
