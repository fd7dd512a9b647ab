import { keysInUse, missingKeys, readKeys, storesOf } from '../../activities/plan/key-use.js';
import { protocolVersionOf } from '../../model/physical-id.js';
import { findVersionWarnings, versionObstacles } from '../../activities/plan/versions.js';
import { TESTED_PROTOCOL_VERSION } from '../../activities/plan/warnings.js';
import { listed } from '../../model/count.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { checking, type CheckResult, type Findings } from './result.js';

/** Between two clocks: more than this is named, and more than that breaks tokens. */
const NOTICED_SKEW_MS = 5_000;
const HARMFUL_SKEW_MS = 60_000;

/** Checks what a participant is: its release and synchronizers, where its keys are, and its clock. */
export async function checkNode(node: ParticipantReads): Promise<CheckResult[]> {
  const { name } = node;
  const checked = await Promise.all([
    checking('version', name, (findings) => checkVersion(node, findings)),
    checking('keys', name, (findings) => checkKeys(node, findings)),
    checking('clock', name, (findings) => checkClock(node, findings)),
  ]);
  return checked.flat();
}

/** What is said of a participant that does not answer: that nothing of this was looked at. */
export function uncheckedNode(name: string): Promise<CheckResult[]> {
  const checks = (['version', 'keys', 'clock'] as const).map((check) =>
    checking(check, name, async (findings) =>
      findings.notChecked('it takes both APIs of one participant'),
    ),
  );
  return Promise.all(checks).then((all) => all.flat());
}

async function checkVersion({ name, ...node }: ParticipantReads, findings: Findings): Promise<void> {
  const { version } = await node.health.readStatus();
  const obstacles = versionObstacles([{ name, version }]);
  for (const { what, cure } of obstacles) findings.problem(what, cure);
  const warnings = findVersionWarnings([{ name, version }]);
  for (const { what, cure } of warnings) findings.warning(what, cure);
  if (obstacles.length + warnings.length === 0) findings.ok(`Canton ${version}`);

  const registered = await node.synchronizers.listRegistered();
  if (registered.length === 0) findings.ok('no synchronizer is registered');
  for (const its of registered) {
    const about = `${its.alias} (${its.physicalId || 'never connected'})${its.isConnected ? '' : ', not connected'}`;
    if (protocolVersionOf(its) <= TESTED_PROTOCOL_VERSION) findings.ok(about);
    else
      findings.warning(
        `${about} has a newer protocol version than ${TESTED_PROTOCOL_VERSION}, the newest that was tested`,
        'rehearse the migration on a test network of that version first',
      );
  }
}

async function checkKeys(node: ParticipantReads, findings: Findings): Promise<void> {
  const { uid } = await node.health.readStatus();
  const registered = await node.synchronizers.listRegistered();
  const read = await readKeys(node, uid, storesOf(registered));
  for (const { fingerprint, purpose } of missingKeys(read))
    findings.problem(
      `the ${purpose} key ${fingerprint} is in use by the OwnerToKeyMapping, and the vault does not hold it`,
      'register this key again, or take it off the list: topology.owner_to_key_mappings.remove_key in the console of the node',
    );
  const used = keysInUse(read);
  const outside = used.filter(({ kmsKeyId }) => kmsKeyId === undefined);
  if (outside.length === used.length) findings.ok(`${used.length} keys in use, none in a KMS`);
  else if (outside.length === 0) {
    findings.ok(`${used.length} keys in use, all in a KMS`);
    findings.notTried(
      'that the KMS signs: the node would sign a list of its keys, as it does for canton-migrate plan',
    );
  } else
    findings.warning(
      `${outside.length} of ${used.length} keys in use are not in the KMS: ${listed(outside.map((key) => key.name || key.fingerprint))}`,
      'rotate these keys into the KMS before this node becomes the target of a migration',
    );
}

async function checkClock(node: ParticipantReads, findings: Findings): Promise<void> {
  // The first call opens the connection, and proves the node.
  await node.health.readUid();
  await node.health.readTime();
  const before = Date.now();
  const time = await node.health.readTime();
  judgeSkew(findings, { before, after: Date.now(), its: Date.parse(time) });
}

/** Compares a clock with ours, which it was read between, UTC milliseconds. */
export function judgeSkew(
  findings: Findings,
  { before, after, its }: { before: number; after: number; its: number },
): void {
  const ahead = its > after ? its - after : Math.min(its - before, 0);
  const seconds = (Math.abs(ahead) / 1000).toFixed(1);
  const text = `its clock is ${seconds} s ${ahead >= 0 ? 'ahead of' : 'behind'} that of this machine`;
  const next = 'synchronise both clocks (NTP)';
  if (Math.abs(ahead) < NOTICED_SKEW_MS)
    findings.ok('its clock agrees with that of this machine within the time of a call');
  else if (Math.abs(ahead) < HARMFUL_SKEW_MS) findings.warning(text, next);
  else findings.problem(`${text}: tokens are refused for less`, next);
}
