import { connectParticipants, twins } from '../../worker/participants.js';
import { ConfigurationError, readWorkerOptions, type WorkerOptions } from '../../worker/options.js';
import type { DoctorOptions } from '../options.js';
import { checkApis } from './apis.js';
import { checkDisk } from './disk.js';
import { checkMigration } from './migration.js';
import { checkNode, uncheckedNode } from './nodes.js';
import { CHECKS, Findings, type CheckResult } from './result.js';
import { checkSettings } from './settings.js';
import { checkTemporal } from './temporal.js';

/** Checks all that a migration depends on, at once, and changes nothing. What does not answer holds nothing else up. */
export async function diagnose({ config, request }: DoctorOptions): Promise<CheckResult[]> {
  const read = readConfiguration(config);
  if (!read.options) return read.results;
  const { options } = read;
  const nodes = connectParticipants(options.participants);
  const temporal = checkTemporal(options, config);
  try {
    const uids = new Map<string, string>();
    const participants = options.participants.map(async (profile) => {
      const { name } = profile;
      const { results, uid } = await checkApis(profile);
      if (uid === undefined) return [...results, ...(await uncheckedNode(name))];
      uids.set(name, uid);
      return [...results, ...(await checkNode(nodes.get(name)!.reading()))];
    });
    const [disk, ofNodes] = await Promise.all([checkDisk(options), Promise.all(participants)]);
    const { results: ofTemporal, pollers, client } = await temporal;
    const settings = await checkSettings(options, pollers);
    const migration =
      request === undefined ? [] : await checkMigration(request, { options, nodes, uids, client });
    const others = [
      ...read.results,
      ...ofNodes.flat(),
      ...twinsAmong(uids),
      ...disk,
      ...ofTemporal,
      ...settings,
    ];
    return sorted([...others, ...notSaidBy(others, migration)]);
  } finally {
    for (const node of nodes.values()) node.close();
    await (await temporal).client?.connection.close();
  }
}

function readConfiguration(config: string): { options?: WorkerOptions; results: CheckResult[] } {
  const findings = new Findings('configuration', config);
  try {
    const options = readWorkerOptions(config);
    findings.ok('valid');
    for (const warning of options.warnings)
      findings.warning(warning, 'change the configuration as the text says');
    return { options, results: findings.results };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    for (const problem of error.problems)
      findings.problem(
        problem.replace(`${config}: `, ''),
        'correct the configuration: docs/operating/configure.md',
      );
    return { results: findings.results };
  }
}

function twinsAmong(uids: ReadonlyMap<string, string>): CheckResult[] {
  const findings = new Findings('identity', 'participants');
  for (const warning of twins([...uids].map(([name, uid]) => ({ name, uid })))) {
    const [what = '', next = ''] = warning.split('; ');
    findings.warning(what, next);
  }
  return findings.results;
}

/** A plan has some of the same findings of a node. */
function notSaidBy(others: readonly CheckResult[], results: CheckResult[]): CheckResult[] {
  const said = others.filter(({ next }) => next !== undefined).map(({ what }) => what);
  return results.filter(({ what }) => !said.some((text) => what.endsWith(`: ${text}`)));
}

/** In the order of the checks; each as it was made. */
function sorted(results: CheckResult[]): CheckResult[] {
  return results
    .map((result, at) => ({ result, at }))
    .sort((a, b) => CHECKS.indexOf(a.result.check) - CHECKS.indexOf(b.result.check) || a.at - b.at)
    .map(({ result }) => result);
}
