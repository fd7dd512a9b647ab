import { fromBinary } from '@bufbuild/protobuf';

import type { PartyHostedBy, TopologyChanges } from '../../model/participant-changes.js';
import type { TopologyReads } from '../../model/participant-reads.js';
import type {
  AnnouncedUpgrade,
  DecentralizedNamespace,
  NamespaceDelegation,
  PartyMapping,
  Permission,
  SignedDefinition,
  SignedDelegation,
  SignedMapping,
  SynchronizerGrant,
  TopologyStore,
  VettedPackage,
} from '../../model/participant.js';
import type { Channel } from '../channel.js';
import { VaultService } from '../gen/com/digitalasset/canton/crypto/admin/v0/vault_service_pb.js';
import { PublicKeySchema } from '../gen/com/digitalasset/canton/crypto/v0/crypto_pb.js';
import {
  RequestSide,
  TopologyChangeOp,
} from '../gen/com/digitalasset/canton/protocol/v0/topology_pb.js';
import { TopologyAggregationService } from '../gen/com/digitalasset/canton/topology/admin/v0/topology_aggregation_service_pb.js';
import { TopologyManagerReadService } from '../gen/com/digitalasset/canton/topology/admin/v0/topology_manager_read_service_pb.js';
import { TopologyManagerWriteService } from '../gen/com/digitalasset/canton/topology/admin/v0/topology_manager_write_service_pb.js';
import { allowing, isRefusal } from '../refusals.js';
import { onlyOnCanton3 } from './absent.js';
import { delegationRows, effectiveOf, isInEffect } from './delegations.js';
import { memberOf, uidOf } from './ids.js';
import { hostingsOf, permissionOf, wirePermission, type PartyRow } from './party-rows.js';
import { queryOf, storeIdOf } from './stores.js';

const read = TopologyManagerReadService.method;
const write = TopologyManagerWriteService.method;
/** Of the key that a delegation goes to: only a label. */
const KEY_NAME = 'pNew-namespace-key';
/** The whole list: a limit of 0 is none at all. */
const ALL_PARTIES = 2_147_483_647;

/** Reads and changes the topology of a participant. Source: canton-2.10 3. */
export class Topology implements TopologyReads, TopologyChanges {
  constructor(private readonly channel: Channel) {}

  async listDelegations(store: TopologyStore, namespace: string): Promise<NamespaceDelegation[]> {
    return (await this.listDelegationsOf(store, [namespace])).get(namespace)!;
  }

  async listDelegationsOf(
    store: TopologyStore,
    namespaces: readonly string[],
  ): Promise<Map<string, NamespaceDelegation[]>> {
    const [only] = namespaces.length === 1 ? namespaces : [''];
    const rows = await delegationRows(this.channel, store, only ?? '');
    const all = effectiveOf(rows.map(({ delegation }) => delegation));
    return new Map(
      namespaces.map((namespace) => [namespace, all.filter((its) => its.namespace === namespace)]),
    );
  }

  /**
   * As the participant signs them for a domain of this protocol version, in which it can be another row than it has
   * stored. Source: canton-2.10 3.
   */
  async listSignedDelegations(
    namespace: string,
    { protocolVersion }: { protocolVersion?: number | undefined } = {},
  ): Promise<SignedDelegation[]> {
    return delegationRows(this.channel, 'authorized', namespace, protocolVersion);
  }

  /** The delegation of a namespace to its own key. */
  async listRoots(store: TopologyStore, namespace: string): Promise<SignedDelegation[]> {
    const rows = await delegationRows(this.channel, store, namespace);
    return rows.filter(({ delegation }) => delegation.targetKey === namespace);
  }

  /** Who signs for a namespace is said by its delegations, which the migration loads itself. */
  async listDefinitions(): Promise<SignedDefinition[]> {
    return [];
  }

  async listPartyMappings(
    store: TopologyStore,
    { party = '', participantUid }: { party?: string; participantUid?: string },
    options: {
      isProposal?: boolean;
      mayBeMany?: boolean;
      among?: ReadonlySet<string>;
      signedBy?: ReadonlySet<string>;
    } = {},
  ): Promise<PartyMapping[]> {
    // There is none: a row is in effect, or it is not there.
    if (options.isProposal) return [];
    const storeId = storeIdOf(store);
    const { results } = await this.channel.unary(read.listPartyToParticipant, {
      baseQuery: queryOf(storeId),
      filterParty: party,
    });
    const rows = results.flatMap(({ context, item }): PartyRow[] =>
      context?.store === storeId && item && isWanted(item.party, options.among)
        ? [{ ...item, signedBy: context.signedByFingerprint }]
        : [],
    );
    const { signedBy } = options;
    const its = signedBy ? rows.filter((row) => signedBy.has(row.signedBy)) : rows;
    return hostingsOf(its).filter(
      ({ hosts }) =>
        participantUid === undefined || hosts.some((host) => host.participantUid === participantUid),
    );
  }

  async listSignedPartyProposals(): Promise<SignedMapping[]> {
    return [];
  }

  /** Of all rows together; a package is vetted for good or not at all. */
  async findVettedPackages(
    store: TopologyStore,
    participantUid: string,
  ): Promise<{ packages: VettedPackage[]; serial: number } | undefined> {
    const rows = await this.vettingRows(store, participantUid);
    if (rows.length === 0) return undefined;
    const ids = new Set(rows.flatMap(({ packageIds }) => packageIds));
    return { packages: [...ids].map((packageId) => ({ packageId })), serial: rows.length };
  }

  async listDecentralizedNamespaces(): Promise<DecentralizedNamespace[]> {
    return [];
  }

  async listParticipants(store: TopologyStore): Promise<string[]> {
    return [...(await this.domainStates(store, '')).keys()];
  }

  async listPartiesWithKeys(): Promise<string[]> {
    return [];
  }

  async readGrant(store: TopologyStore, participantUid: string): Promise<SynchronizerGrant> {
    const permission = (await this.domainStates(store, participantUid)).get(participantUid);
    return { restriction: 'UNRESTRICTED_OPEN', ...(permission && { permission }) };
  }

  /** That a party is local says nothing of it. Source: canton-2.10 H, item 7. */
  async listEffectiveHosting(
    domainId: string,
    participantUid: string,
  ): Promise<{ party: string; permission: Permission }[]> {
    const { results } = await this.channel.unary(TopologyAggregationService.method.listParties, {
      limit: ALL_PARTIES,
      filterDomain: domainId,
      filterParticipant: participantUid,
    });
    return results.flatMap(({ party, participants }) =>
      participants
        .filter(({ participant }) => uidOf(participant) === participantUid)
        .flatMap(({ domains }) => domains)
        .filter(({ domain }) => domain === domainId)
        .flatMap((its) => {
          const permission = permissionOf(its.permission);
          return permission ? { party, permission } : [];
        }),
    );
  }

  async findUpgrade(): Promise<AnnouncedUpgrade | undefined> {
    return undefined;
  }

  /** The node knows the key only once it was imported. */
  async proposeDelegation({
    namespace,
    targetKey,
  }: {
    namespace: string;
    targetKey: Uint8Array;
  }): Promise<void> {
    await this.channel.unary(VaultService.method.importPublicKey, {
      publicKey: targetKey,
      name: KEY_NAME,
    });
    await this.channel.unary(write.authorizeNamespaceDelegation, {
      authorization: { change: TopologyChangeOp.Add },
      namespace,
      fingerprintOfAuthorizedKey: fromBinary(PublicKeySchema, targetKey).key.value?.id ?? '',
      isRootDelegation: false,
    });
  }

  /**
   * Delegations, one by one in their order. Safe to repeat: one that was loaded before and is in effect is skipped. Fails
   * as refused with one that was revoked since: the same bytes cannot bring it back. Source: canton-2.10 3.
   */
  async addTransactions(signed: Uint8Array[]): Promise<void> {
    const method = write.addSignedTopologyTransaction;
    for (const serialized of signed) {
      await this.channel.unary(method, { serialized }).catch(async (error: unknown) => {
        if (!isRefusal(error, 'exists already')) throw error;
        if (await isInEffect(this.channel, serialized)) return;
        const cause = 'it was loaded before and revoked since, which only a new delegation changes';
        throw this.channel.refuse(method, cause, error.errorId);
      });
    }
  }

  /** In place of every other permission for the party. */
  async hostParty({ party, participantUid, permission }: PartyHostedBy): Promise<void> {
    const hosting = hostingOf(party, participantUid, permission);
    const authorization = { change: TopologyChangeOp.Add, replaceExisting: true };
    const hosted = this.channel.unary(write.authorizePartyToParticipant, { ...hosting, authorization });
    await allowing(['exists already'], hosted);
  }

  async unhostParty({ party, participantUid, permission }: PartyHostedBy): Promise<void> {
    const hosting = hostingOf(party, participantUid, permission);
    const authorization = { change: TopologyChangeOp.Remove };
    const gone = this.channel.unary(write.authorizePartyToParticipant, { ...hosting, authorization });
    await allowing(['does not exist'], gone);
  }

  /** What is new becomes one row; a row with something that is to go is removed, and what is left of it added. */
  async proposeVettedPackages(
    _store: TopologyStore,
    { participantUid, packages }: { participantUid: string; packages: VettedPackage[] },
  ): Promise<void> {
    const wanted = new Set(packages.map(({ packageId }) => packageId));
    const rows = await this.vettingRows('authorized', participantUid);
    const kept = rows.filter(({ packageIds }) => packageIds.every((id) => wanted.has(id)));
    const known = new Set(kept.flatMap(({ packageIds }) => packageIds));
    const lacking = [...wanted].filter((id) => !known.has(id));
    const vet = (
      packageIds: string[],
      authorization: { change: TopologyChangeOp; forceChange?: true },
    ) =>
      this.channel.unary(write.authorizeVettedPackages, {
        authorization,
        participant: participantUid,
        packageIds,
      });
    if (lacking.length > 0) await vet(lacking, { change: TopologyChangeOp.Add });
    for (const row of rows.filter((its) => !kept.includes(its)))
      await vet(row.packageIds, { change: TopologyChangeOp.Remove, forceChange: true });
  }

  proposePartyMapping = onlyOnCanton3;
  proposePartyHosting = onlyOnCanton3;
  removePartyMapping = onlyOnCanton3;

  private async vettingRows(store: TopologyStore, participantUid: string) {
    const storeId = storeIdOf(store);
    const { results } = await this.channel.unary(read.listVettedPackages, {
      baseQuery: queryOf(storeId),
      filterParticipant: participantUid,
    });
    return results.flatMap(({ context, item }) =>
      context?.store === storeId && item?.participant === participantUid ? item : [],
    );
  }

  /** What the domain lets each participant do, by its uid: both sides have said so. */
  private async domainStates(store: TopologyStore, uid: string): Promise<Map<string, Permission>> {
    const storeId = storeIdOf(store);
    const { results } = await this.channel.unary(read.listParticipantDomainState, {
      baseQuery: queryOf(storeId),
      filterParticipant: uid,
    });
    const said = new Map<string, Permission>();
    for (const { context, item } of results) {
      const isOfDomain = item?.side === RequestSide.Both || item?.side === RequestSide.From;
      const permission = item && permissionOf(item.permission);
      if (context?.store === storeId && isOfDomain && permission)
        said.set(uidOf(item.participant), permission);
    }
    return said;
  }
}

function hostingOf(party: string, participantUid: string, permission: Permission) {
  return {
    side: RequestSide.Both,
    party,
    participant: memberOf(participantUid),
    permission: wirePermission(permission),
  };
}

function isWanted(party: string, among: ReadonlySet<string> | undefined): boolean {
  return among?.has(party) ?? true;
}
