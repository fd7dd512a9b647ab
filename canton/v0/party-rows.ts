import type { HostingParticipant, PartyMapping, Permission } from '../../model/participant.js';
import {
  ParticipantPermission,
  RequestSide,
} from '../gen/com/digitalasset/canton/protocol/v0/topology_pb.js';
import { uidOf } from './ids.js';

/** One row of what participants may do for a party. */
export interface PartyRow {
  side: RequestSide;
  party: string;
  participant: string;
  permission: ParticipantPermission;
  signedBy: string;
}

const PERMISSIONS: readonly [ParticipantPermission, Permission][] = [
  [ParticipantPermission.Submission, 'submission'],
  [ParticipantPermission.Confirmation, 'confirmation'],
  [ParticipantPermission.Observation, 'observation'],
];

/** None for a participant that is disabled, or of which nothing is said. */
export function permissionOf(permission: ParticipantPermission): Permission | undefined {
  return PERMISSIONS.find(([wire]) => wire === permission)?.[1];
}

export function wirePermission(permission: Permission): ParticipantPermission {
  return PERMISSIONS.find(([, its]) => its === permission)![0];
}

/** Who hosts each party by these rows: a host needs both sides, in one row or in two, and may do the lower of the two. */
export function hostingsOf(rows: readonly PartyRow[]): PartyMapping[] {
  const byParty = new Map<string, Map<string, PartyRow[]>>();
  for (const row of rows) {
    const hosts = byParty.get(row.party) ?? new Map<string, PartyRow[]>();
    byParty.set(row.party, hosts);
    const uid = uidOf(row.participant);
    hosts.set(uid, [...(hosts.get(uid) ?? []), row]);
  }
  return [...byParty].flatMap(([party, hosts]) => {
    const complete = [...hosts].flatMap(([uid, its]) => hostOf(uid, its) ?? []);
    return complete.length > 0 ? { party, threshold: 1, hosts: complete, serial: 0 } : [];
  });
}

function hostOf(participantUid: string, rows: PartyRow[]): HostingParticipant | undefined {
  const of = (side: RequestSide) =>
    rows.filter((row) => row.side === side || row.side === RequestSide.Both).map(levelOf);
  // Of several rows of one side the highest counts.
  const level = Math.max(...of(RequestSide.From), -1);
  const other = Math.max(...of(RequestSide.To), -1);
  const permission = LEVELS[Math.min(level, other)];
  return permission && { participantUid, permission, isOnboarding: false };
}

const LEVELS: readonly Permission[] = ['observation', 'confirmation', 'submission'];

function levelOf({ permission }: PartyRow): number {
  const found = permissionOf(permission);
  return found === undefined ? -1 : LEVELS.indexOf(found);
}
