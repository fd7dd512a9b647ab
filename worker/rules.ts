import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { Approver } from '../model/approver.js';
import { DEFAULT_APPROVAL, type ApprovalPolicy } from '../model/plan.js';
import { readPublicKey } from '../report/public-keys.js';
import type { ApproverEntry, ConfigurationFile } from './configuration-schema.js';

/** What is asked of whoever approves a gate, and what is wrong with it. Paths are relative to `folder`. */
export function readApproval(
  entry: ConfigurationFile['approval'],
  folder: string,
): { policy: ApprovalPolicy; problems: string[] } {
  const problems: string[] = [];
  const approvers: Approver[] = [];
  for (const [at, one] of (entry?.approvers ?? []).entries()) {
    const field = `approval.approvers[${at}]`;
    try {
      const approver = { name: one.name, ...readPublicKey(keyText(one, folder)) };
      const twin = approvers.find(
        ({ name, publicKey }) => name === approver.name || publicKey === approver.publicKey,
      );
      if (twin)
        problems.push(`${field}: found the name or the key of ${twin.name}, expected another one`);
      approvers.push(approver);
    } catch (error) {
      problems.push(`${field}: ${(error as Error).message}`);
    }
  }
  const { twoPersons = [] } = entry ?? {};
  if (twoPersons.length > 0 && entry?.approvers?.length === 1)
    problems.push('approval.twoPersons: found one approver, expected at least two');
  const policy = { ...DEFAULT_APPROVAL, ...entry, approvers, twoPersons };
  return { policy, problems };
}

function keyText({ key, keyFile }: ApproverEntry, folder: string): string {
  if ((key === undefined) === (keyFile === undefined))
    throw new Error(
      `found ${key === undefined ? 'neither key nor keyFile' : 'both'}, expected one of them`,
    );
  if (key !== undefined) return key;
  const path = resolve(folder, keyFile!);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`keyFile: ${(error as Error).message}, expected a file with a public key`, {
      cause: error,
    });
  }
}

/** Says which of the migrations that a file lists are not of two of its participants. */
export function pairProblems({ participants, migrations = [] }: ConfigurationFile): string[] {
  const names = Object.keys(participants);
  return migrations.flatMap(({ source, target }, at) => {
    const unknown = (
      [
        ['source', source],
        ['target', target],
      ] as const
    )
      .filter(([, name]) => !names.includes(name))
      .map(
        ([field, name]) =>
          `migrations[${at}].${field}: found ${name}, expected one of participants: ${names.join(', ')}`,
      );
    if (source !== target) return unknown;
    return [...unknown, `migrations[${at}]: found ${source} twice, expected two participants`];
  });
}
