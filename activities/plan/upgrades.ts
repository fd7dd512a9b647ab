import type { ParticipantReads } from '../../model/participant-access.js';
import type { Finding, MigrationPlan } from '../../model/plan.js';
import { describeFreeze } from '../../model/upgrade.js';
import {
  findMissedUpgrade,
  findWitness,
  lateUpgradeCure,
  saidOfMissed,
  saidOfSilent,
  type MissedUpgrade,
} from '../nodes/missed-upgrades.js';
import { findPendingUpgrade } from '../nodes/upgrades.js';
import { when, whenFound } from './finding.js';

/** Upgrades of both synchronizers: announced, missed by a node that is disconnected, or not to be found out. */
export async function findUpgrades(
  plan: MigrationPlan,
  { source, target }: { source: ParticipantReads; target: ParticipantReads },
  everyone: readonly ParticipantReads[],
): Promise<{ obstacles: Finding[]; warnings: Finding[] }> {
  const found: { obstacles: Finding[]; warnings: Finding[] } = { obstacles: [], warnings: [] };
  const frozen = new Map<string, Finding>();
  for (const [node, participant] of [
    [plan.source, source],
    [plan.target, target],
  ] as const) {
    const { logicalId, alias } = node.synchronizer;
    const isConnected = node.connections.some((its) => its.alias === alias && its.isConnected);
    const witness = isConnected ? undefined : await findWitness(everyone, logicalId);
    const told = isConnected ? participant : witness?.participant;
    const pending = told && (await findPendingUpgrade(told, [logicalId]));
    for (const finding of whenFound(pending, (upgrade) => ({
      type: 'UpgradeAnnounced',
      what: describeFreeze(upgrade),
      cure: 'wait until the upgrade is done; a migration that is under way is held until then and goes on by itself',
    })))
      frozen.set(logicalId, finding);
    const isJoining = node.connections.every((its) => its.alias !== alias);
    if (isConnected || isJoining) continue;
    const missed = witness && (await findMissedUpgrade(node.synchronizer, witness));
    if (missed) {
      const answers = await participant.synchronizers.findAllowedKeys(alias);
      const silent = 'unanswered' in answers ? answers.unanswered : undefined;
      found.obstacles.push(...missedObstacles(node.name, missed, silent));
      found.warnings.push(...findMissedWarnings(node.name, missed, silent));
    } else if (!witness) {
      found.warnings.push(...findUncheckedWarnings(node.name, alias));
    }
  }
  found.obstacles.unshift(...frozen.values());
  return found;
}

function missedObstacles(name: string, missed: MissedUpgrade, silent?: string[]): Finding[] {
  return whenFound(silent, (sequencers) => ({
    type: 'UpgradeMissed',
    what: `${saidOfMissed(name, missed)}, and ${saidOfSilent(sequencers)}`,
    cure: lateUpgradeCure(missed),
  }));
}

function findMissedWarnings(name: string, missed: MissedUpgrade, silent?: string[]): Finding[] {
  return when(!silent, {
    type: 'UpgradeNotMade',
    what: `${saidOfMissed(name, missed)}; the sequencers of the former one still answer; a node that was disconnected after its handshake with the successor goes over by itself when it is connected, of one that was disconnected before nothing is recorded`,
    cure: `nothing, if it was disconnected after the handshake and they stay up until the migration has ended; otherwise, ${lateUpgradeCure(missed)}`,
  });
}

function findUncheckedWarnings(name: string, alias: string): Finding[] {
  return [
    {
      type: 'UpgradeNotChecked',
      what: `${name} is disconnected from ${alias}, and no participant of the worker's configuration is connected to it: whether it was upgraded meanwhile is not known`,
      cure: `ask the operator of ${alias} whether it was upgraded since ${name} was disconnected; or add a participant that is connected to it to the worker's configuration, and plan again`,
    },
  ];
}
