import type { Findings } from './result.js';

/** The first server with all that the worker and its workflows use. */
const FIRST_SERVER = { major: 1, minor: 29 };

/** Says whether a Temporal server is one that migrations run on. */
export function judgeServer(version: string | null | undefined, findings: Findings): void {
  const found = /^v?(\d{1,6})\.(\d{1,6})\./.exec(version ?? '');
  if (!found) {
    findings.ok(`Temporal answers (version ${version || 'not told'})`);
    return;
  }
  const [major, minor] = [Number(found[1]), Number(found[2])];
  const isOld =
    major < FIRST_SERVER.major || (major === FIRST_SERVER.major && minor < FIRST_SERVER.minor);
  if (isOld)
    findings.problem(
      `Temporal is version ${version}, expected ${FIRST_SERVER.major}.${FIRST_SERVER.minor} or later`,
      'upgrade the Temporal server',
    );
  else findings.ok(`Temporal ${version}`);
}
