import { EXIT, Terminal } from '../../client/terminal.js';
import type { DoctorOptions } from '../options.js';
import { diagnose } from './index.js';
import { renderResults, summaryOf } from './render.js';

/** Prints what the checks found; returns the exit code: 3 if there is a problem. */
export async function doctor(options: DoctorOptions): Promise<number> {
  const { json = false, config, request } = options;
  const terminal = new Terminal(json);
  const results = await diagnose(options);
  const hasProblem = results.some(({ status }) => status === 'problem');
  terminal.printJson({ isReady: !hasProblem, results });
  terminal.print(`${renderResults(results, terminal.style)}\n\n${summaryOf(results)}`);
  const asked = `--config ${config}${request === undefined ? '' : ` --request ${request}`}`;
  terminal.next(
    hasProblem
      ? `do what each problem says, then canton-migrate doctor ${asked}`
      : `canton-migrate worker --config ${config}`,
  );
  return hasProblem ? EXIT.refused : EXIT.done;
}
