import { CantonRefusal } from '../errors.js';
import { makeKeyPair, type KeyPair } from './keys.js';
import type { Decoded } from '../wire.js';
import { encodingOf, inEffect, signRow, type Row } from './rows.js';

type Permission = NonNullable<
  Decoded<'com.digitalasset.canton.protocol.v0.PartyToParticipant'>['permission']
>;

/** A domain: what it has published, and who is on it. */
export class Domain {
  readonly id: string;
  readonly rows: Row[] = [];
  private readonly key: KeyPair;

  constructor(
    readonly name: string,
    readonly protocolVersion: number,
    seed: string,
  ) {
    this.key = makeKeyPair(`${seed}/${name}`, `${name}-namespace`);
    this.id = `${name}::${this.key.id}`;
    this.publish(
      signRow(
        {
          operation: 'Add',
          mapping: {
            namespace_delegation: {
              namespace: this.key.id,
              target_key: this.key.publicKey,
              is_root_delegation: true,
            },
          },
        },
        this.encoding,
        this.key,
      ),
    );
  }

  get encoding(): number {
    return encodingOf(this.protocolVersion);
  }

  /** Takes a transaction once. */
  publish(row: Row): void {
    if (this.rows.some((its) => its.serialized.equals(row.serialized))) return;
    this.rows.push(row);
  }

  /** Lets a participant on. */
  admit(uid: string): void {
    const participant_state = {
      side: 'Both',
      domain: this.id,
      participant: uid,
      permission: 'Submission',
      trust_level: 'Ordinary',
    } as const;
    if (this.rows.some(({ mapping }) => mapping.participant_state?.participant === uid)) return;
    const change = { operation: 'Add', mapping: { participant_state } } as const;
    this.publish(signRow(change, this.encoding, this.key));
  }

  /** The operator of the domain takes a participant off. Source: canton-2.10 H, item 8. */
  remove(uid: string): void {
    const found = inEffect(this.rows).find(
      ({ mapping }) => mapping.participant_state?.participant === uid,
    );
    if (!found)
      throw new CantonRefusal({ id: 'NO_CORRESPONDING_ACTIVE_TX_TO_REVOKE', category: 9, cause: uid });
    const { element } = found;
    const mapping = { participant_state: found.mapping.participant_state };
    this.publish(signRow({ operation: 'Remove', element, mapping }, this.encoding, this.key));
  }

  /** The key of the domain signs for it; of a participant its namespace key, or one that it was delegated to. */
  private signers(): (key: string, namespace: string) => boolean {
    const delegated = new Set(
      inEffect(this.rows).flatMap(({ mapping }) => {
        const { namespace, target_key: key } = mapping.namespace_delegation ?? {};
        return namespace && key?.id ? `${key.id} ${namespace}` : [];
      }),
    );
    return (key, namespace) => delegated.has(`${key} ${namespace}`);
  }

  /** What is in effect, without what nobody may sign any more. Source: canton-2.10 H, item 7. */
  effective(): Row[] {
    const signs = this.signers();
    return inEffect(this.rows).filter(({ mapping, key }) => {
      const { party, participant } = mapping.party_to_participant ?? {};
      if (!party || !participant) return true;
      return signs(key.id ?? '', namespaceOf(party)) && signs(key.id ?? '', namespaceOf(participant));
    });
  }

  /** The participants that host a party, by their uid, and what they may do. */
  hosts(party: string): Map<string, Permission> {
    const members = new Set(
      inEffect(this.rows).flatMap(({ mapping }) => mapping.participant_state?.participant ?? []),
    );
    return new Map(
      this.effective().flatMap(({ mapping }) => {
        const its = mapping.party_to_participant;
        const uid = its?.participant ?? '';
        return its?.party === party && members.has(uid) && its.permission
          ? [[uid, its.permission] as const]
          : [];
      }),
    );
  }

  vettedBy(uid: string): Set<string> {
    return new Set(
      inEffect(this.rows).flatMap(({ mapping }) =>
        mapping.vetted_packages?.participant === uid ? (mapping.vetted_packages.package_ids ?? []) : [],
      ),
    );
  }
}

export function namespaceOf(uid: string): string {
  return uid.slice(uid.lastIndexOf('::') + 2);
}
