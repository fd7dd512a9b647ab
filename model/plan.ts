import type { Abilities } from './abilities.js';
import type { TakenNode } from './claim.js';
import type { PlannedLocalState } from './local-state.js';
import type {
  NodeRef,
  Dar,
  ImportMode,
  PartyMapping,
  Permission,
  PublicSigningKey,
  ResourceLimits,
  VettedPackage,
} from './participant.js';
import type { Approver } from './approver.js';
import type { PartyHosting } from './hosting.js';
import type { Listed } from './listed.js';
import type { PartyExceptions } from './party-exceptions.js';
import { partiesOf, type PartiesOf, type PartyCount, type ViewOf } from './plan-parties.js';
import type { PlannedTraffic } from './traffic.js';
import type { Gate } from './phase.js';
import type { UnreliableCounterParticipant } from './counter-participants.js';
import type { MigrationRequest, RouteName } from './request.js';

/** One of the two nodes, as it was read when the plan was made. */
export interface PlannedNode {
  /** Name in the worker's configuration. */
  name: string;
  uid: string;
  /** The part of the uid after `::`. */
  namespace: string;
  version: string;
  /** Whether every private key is in a KMS. */
  isKmsBacked: boolean;
  /** The synchronizer this node takes part in the migration with. */
  synchronizer: { alias: string; logicalId: string; physicalId: string };
  /** Every registered alias, as it has to be again after an abort. Ordered by alias. */
  connections: { alias: string; isConnected: boolean; isManualConnect: boolean }[];
}

/**
 * `external`: it signs for itself, or for its namespace nobody does who has a node. `multi-hosted`: of a
 * namespace that the nodes sign for. `foreign-namespace`: of the namespace of another participant. Source:
 * admin-api 5.4; networks C.
 */
export const PARTY_CLASSES = [
  'local',
  'admin',
  'external',
  'decentralized',
  'multi-hosted',
  'foreign-namespace',
] as const;

export type PartyClass = (typeof PARTY_CLASSES)[number];

export interface PlannedParty {
  party: string;
  class: PartyClass;
  treatment: 'move' | 'leave';
  /** Why it is left; empty for a party that moves. */
  reason: string;
  /** What the source may do for it, and what the target is to do. */
  permission: Permission;
  /** What the synchronizer of the source allows it to do for the party, if that is less. */
  effective?: Permission;
  /**
   * Active contracts with this party as a stakeholder on the source synchronizer; absent: it stays, and
   * nobody counts.
   */
  contractCount?: number;
  /**
   * How it is hosted on the source synchronizer, if by others too, with a threshold above one, or with
   * signing keys of its own. Absent: by the source alone.
   */
  hosting?: PartyHosting;
  /**
   * Whose signatures its hosting by the target needs that no node of this migration gives: so many of these
   * namespaces. Absent: the nodes sign.
   */
  signers?: { namespaces: string[]; needed: number };
  /**
   * The mapping on the target synchronizer before the migration; absent if the party was unknown there, and
   * on the live route, where `hosting` is what it was.
   */
  formerMapping?: PartyMapping;
}

/** A namespace whose parties move, and how the target comes to sign for it. */
export interface PlannedNamespace {
  namespace: string;
  /** Of the root delegation; its fingerprint is the namespace. */
  rootKey: PublicSigningKey;
  /** Whether a KMS holds the root key: then nobody can keep it offline. */
  isRootKeyInKms: boolean;
  /**
   * Fingerprints of the source's other keys that may sign for it: intermediate ones. Absent if there are
   * none.
   */
  sourceKeys?: string[];
  /** Absent if the namespace is the target's own, or if the request wants none. */
  delegation?: PlannedDelegation;
}

export interface PlannedDelegation {
  /** Fingerprint of a key in the target's vault that signs for the target's namespace, too. */
  targetKey: string;
  /** The participant in whose authorized store it is issued, and from where it is loaded into the target. */
  issuer: NodeRef;
  /**
   * Who signs it: the issuer, which holds the root key; the operator, offline; or nobody, it is there
   * already.
   */
  signer: 'issuer' | 'offline' | 'nobody';
  /** Fingerprint of the key it is signed with, if that is not the root key. */
  signedBy?: string;
}

/** Signatures of one kind that the migration needs for the namespaces of its parties. */
export interface PlannedSignatures {
  what: string;
  count: number;
  /** Fingerprint of the key. */
  key: string;
  /** Where the key is: the name of a participant, or `offline`. */
  holder: string;
}

/** What the worker's configuration asks of whoever approves a gate. */
export interface ApprovalPolicy {
  /** At the gate `root-key`. */
  rootKeyProof: 'optional' | 'required';
  /** Who may approve, each with a signature; if it is empty, names are taken as given. */
  approvers: Approver[];
  /** The gates that two different people have to approve. */
  twoPersons: Gate[];
}

export const DEFAULT_APPROVAL: ApprovalPolicy = {
  rootKeyProof: 'optional',
  approvers: [],
  twoPersons: [],
};

export interface PlannedDar extends Dar {
  /** `left`: the request leaves its main package behind. */
  action: 'upload' | 'present' | 'built-in' | 'left';
}

/** The mode of the imports, and which proofs are missing for the mode `accept`. */
export interface PlannedImports {
  mode: ImportMode;
  /** Why each contract is validated, in words; empty for `accept`. */
  reasons: string[];
}

/** Something an operator has to know: what it is, and what to do about it. */
export interface Finding {
  /** Stable PascalCase name, listed in `docs/operating/failures.md`. */
  type: string;
  what: string;
  cure: string;
}

/** What the plans of every route have. */
export interface PlannedMigration {
  request: MigrationRequest;
  /** What both nodes can do, where that is not all that a participant of Canton 3.5 can. */
  abilities?: Abilities;
  source: PlannedNode & { resourceLimits: ResourceLimits };
  target: PlannedNode & {
    /**
     * Fingerprint of the key in its vault that signs for its namespace: its root key, or an intermediate one.
     */
    namespaceKey: string;
    /**
     * What the target hosts beside the parties that move, on the target synchronizer and wherever it is
     * connected: the number of parties by namespace, ordered by it.
     */
    hosted: { namespace: string; count: number }[];
  };
  direction: 'to-kms' | 'from-kms' | 'same-key-storage';
  /** Ordered by namespace. */
  namespaces: PlannedNamespace[];
  /** Every signature for these namespaces, so that one ceremony is enough. */
  signatures: PlannedSignatures[];
  approval: ApprovalPolicy;
  /**
   * A parked participant that hosts parties that move on the target synchronizer: the target takes its place.
   */
  replaces?: { name: string; uid: string };
  /** Ordered by party. Every party the source hosts, also those that are left. */
  parties: Listed<PlannedParty>;
  /** The namespace of the first party that moves: those of local state are named without it. */
  commonNamespace: string;
  /** What a host of the parties that move needs to do for them what the source does. */
  needs: Permission;
  /** How many of them move and stay, by class and reason. */
  partyCounts: PartyCount[];
  /** Those that stay though they were to move, or that take more to move than others do. */
  partyExceptions: PartyExceptions;
  dars: PlannedDar[];
  vetting: {
    /** Vetted on the source synchronizer, not yet on the target synchronizer. Ordered by package id. */
    add: VettedPackage[];
    /** On the source, but not vetted there: they stay unvetted. Ordered by package id. */
    leave: string[];
    /** The target's vetted packages before the migration. */
    former: VettedPackage[];
  };
  contracts: {
    /** Active contracts of the parties that move, on the source synchronizer. */
    total: number;
    /** Of these, contracts with a stakeholder that does not move. */
    shared: number;
    /**
     * Stakeholders that do not move, ordered; they are excluded from the export if `treatment` is `exclude`.
     */
    sharedWith: Listed<string>;
    treatment: 'include' | 'exclude' | 'undecided';
  };
  /** Of each node whose synchronizer controls traffic. */
  traffic?: { source?: PlannedTraffic; target?: PlannedTraffic };
  /** Users and the like. */
  localState: PlannedLocalState;
  /**
   * How the target imports the contracts. Absent in a plan that an earlier release made: it validates them.
   */
  imports?: PlannedImports;
  /**
   * How long the source will be out of service, seconds, by what contracts cost on a real participant; 0 on
   * `live`.
   */
  freezeSeconds: { cold: number; warm: number };
  /** What stands in the way of the first change. The migration does not start while there is one. */
  obstacles: Finding[];
  /** What does not stand in the way but is better known before. */
  warnings: Finding[];
}

/** Which way the contracts go. */
interface PlannedRoute<Name extends RouteName> {
  name: Name;
  /** Why, in words: what the operator confirms with the plan. */
  reason: string;
}

/** The target takes over on another synchronizer. */
interface NewSynchronizerPlan extends PlannedMigration {
  route: PlannedRoute<'new-synchronizer'>;
}

/** The same where the target has the contracts of an earlier time, and only what changed since travels. */
export interface ReversePlan extends NewSynchronizerPlan {
  changes: PlannedChanges;
}

/** Both nodes host the parties on one synchronizer for a time, and the source serves all the while. */
export interface LivePlan extends PlannedMigration {
  route: PlannedRoute<'live'>;
  live: PlannedLiveRoute;
}

/**
 * Everything a migration will do, decided from reads alone. Its SHA-256 is what operators approve, so it
 * holds nothing that differs between two readings of an unchanged ledger.
 */
export type MigrationPlan = NewSynchronizerPlan | ReversePlan | LivePlan;

/** A plan with its parties, wherever they were. */
export type WithParties<Plan extends PlannedMigration = MigrationPlan> = Plan & {
  parties: PlannedParty[];
};

/** How what the target still has of earlier differs from what the source has. */
export interface PlannedChanges {
  /** On both. */
  common: number;
  /** On the source only: they are imported. */
  missing: number;
  /** On the target only: they are purged there. */
  extra: number;
  /** On the target, with stakeholders that do not move: they stay as they are. */
  kept: number;
  /** These stakeholders, ordered. */
  keptWith: Listed<string>;
  /** What the target created after it was not counted, and is never purged. Decimal int64. */
  targetLedgerEnd: string;
}

/** What only the live route has to know. */
export interface PlannedLiveRoute {
  /** Whether the target has to be registered with and connected to the source's synchronizer first. */
  joins: boolean;
  /**
   * Parties that the target hosts there already and that share contracts with parties that move, ordered: it
   * has these contracts. What is excluded from the export is read again at the activation.
   */
  alreadyHosted: Listed<string>;
  /**
   * Uids of the participants that commit to the same contracts as the target, because they host stakeholders:
   * before the removal of the source (with it) and after it. Ordered.
   */
  counterParticipants: { before: string[]; after: string[] };
  /** Those of them that are not waited for, with the reason; absent if there are none. Ordered by uid. */
  unreliable?: UnreliableCounterParticipant[];
  /**
   * Namespaces of parties that the keys of the source sign for. Of other parties it signs no proposal, and
   * only the target can take itself off. Ordered.
   */
  sourceSigns: string[];
  /** How many parties that move are of other namespaces than these. */
  signedByOthers: number;
  /**
   * Those that the target signs for in the end: it removes the source, which else removes itself by force.
   * Ordered.
   */
  targetSigns: string[];
  /**
   * Whether a proposal may make the target a host by itself, because who signs it may sign for the target
   * too: as on the reverse migration to the node whose namespace the parties have. It is made only once the
   * target is disconnected.
   */
  isProposalEffective: boolean;
  /**
   * Contracts of the parties that the target has of an earlier attempt: kept or purged as the comparison
   * says.
   */
  staleOnTarget: number;
}

export function isLive<Plan extends MigrationPlan>(plan: Plan): plan is Plan & LivePlan {
  return plan.route.name === 'live';
}

/** The route as an operator confirms it, with what tells it from the other one. */
export function routeInWords(plan: MigrationPlan): string {
  const { source, target } = plan;
  if (isLive(plan)) return `route live, both nodes on ${source.synchronizer.logicalId}`;
  const [from, to] = [source.synchronizer.logicalId, target.synchronizer.logicalId];
  return `route new-synchronizer, from ${from} to ${to}, with ${source.name} out of service meanwhile`;
}

export function isReverse(plan: MigrationPlan): plan is ReversePlan {
  return 'changes' in plan;
}

/** A plan and the SHA-256 over its canonical JSON, 64 hex characters. */
export interface HashedPlan<Plan extends MigrationPlan = MigrationPlan> {
  plan: Plan;
  hash: string;
  /** Ledger end of the source before it was read: what came since is not in the plan. Decimal int64. */
  plannedOffset: string;
  /** Both nodes, of a migration that went well and is watched: it has to be closed before this one starts. */
  taken?: TakenNode[];
}

/** The delegations the plan needs. */
export function delegationsOf({
  namespaces,
}: Pick<PlannedMigration, 'namespaces'>): (PlannedDelegation & { namespace: string })[] {
  return namespaces.flatMap(({ namespace, delegation }) =>
    delegation ? [{ namespace, ...delegation }] : [],
  );
}

/** The namespace of the first party that moves, and nearly always of all; that of the source if none does. */
export function commonNamespace(
  parties: PlannedParty[],
  source: Pick<PlannedNode, 'namespace'>,
): string {
  const first = parties.find(({ treatment }) => treatment === 'move');
  return first ? namespaceOf(first.party) : source.namespace;
}

/** The namespace of a party or participant: what follows the last `::`. */
export function namespaceOf(uid: string): string {
  return uid.slice(uid.lastIndexOf('::') + 2);
}

/** The parties that move, in the order of the plan. */
export function movedParties<Plan extends PartiesOf>(plan: Plan): ViewOf<Plan, 'moved'> {
  return partiesOf(plan, 'moved');
}

/** Why a party stays that could move. */
export const NOT_SELECTED = 'the request does not include it';

/** JSON with the keys of every object in order, so that equal plans are equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/**
 * Workflow id of the migration of a source, so that a source never has two open.
 *
 * @param sourceUid uid of the source participant
 */
export function migrationId(sourceUid: string): string {
  return `migrate-participant/${sourceUid}`;
}
