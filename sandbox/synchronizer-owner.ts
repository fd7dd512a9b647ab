import { setTimeout as wait } from 'node:timers/promises';
import { fingerprint, sign, SPKI, type SigningPublicKey } from './crypto.js';
import { CantonRefusal, fieldNotSet } from './errors.js';
import { unary, type Services } from './grpc.js';
import type { Synchronizer } from './synchronizer.js';
import { trafficParameters, type TrafficControl } from './traffic.js';
import { TopologyManager, type ManagerNode } from './topology/manager.js';
import type { Mapping, MappingValues, Permission } from './topology/mapping.js';
import type { StoreId } from './topology/node-topology.js';
import {
  ADD,
  buildTransaction,
  REMOVE,
  type Operation,
  type SignedTransaction,
} from './topology/transaction.js';
import { authorize, type Writable } from './topology/write-service.js';
import type { Decoded, Encodable } from './wire.js';

type Protocol = 'com.digitalasset.canton.protocol.v30';
type Parameters = Encodable<`${Protocol}.DynamicSynchronizerParameters`>;
/** Who may join a synchronizer. */
export type OnboardingRestriction = NonNullable<
  Decoded<`${Protocol}.DynamicSynchronizerParameters`>['onboarding_restriction']
>;

/** What a participant may do on a synchronizer. */
export interface Grant {
  readonly permission?: Permission;
  /** Confirmation requests per second. */
  readonly maxRate?: number;
  /** UTC, microseconds. */
  readonly loginAfterMicros?: bigint;
}

interface KeyPair {
  readonly publicKey: Buffer;
  readonly privateKey: Buffer;
}

const KEY_SPEC = 'SIGNING_KEY_SPEC_EC_CURVE25519';
const WRITE = 'com.digitalasset.canton.topology.admin.v30.TopologyManagerWriteService';

/** Who owns a synchronizer: holds its namespace, sets its parameters, and says what participants may do on it. */
export class SynchronizerOwner {
  private readonly vault: ManagerNode['vault'];
  private readonly manager: TopologyManager;

  constructor(
    private readonly synchronizer: Synchronizer,
    /** Of the namespace, and of the sequencer, to which it is delegated. */
    private readonly keys: { readonly root: KeyPair; readonly sequencer: KeyPair },
  ) {
    const { publicKey, privateKey } = keys.sequencer;
    const own = fingerprint(publicKey);
    const { store, authority, sequencerId } = synchronizer;
    this.vault = {
      holds: (id) => id === own,
      sign: (id, hash) => sign(privateKey, KEY_SPEC, hash, id),
    };
    const ledger = () => ({
      withActiveContracts: () => undefined,
      packages: () => ({ known: new Map<string, never>(), contentsOf: () => [] }),
    });
    const accept = (signed: SignedTransaction) => void synchronizer.sequence([signed]);
    this.manager = new TopologyManager(
      { uid: sequencerId.replace('SEQ::', ''), vault: this.vault, ledger },
      {
        store,
        authority,
        get psid() {
          return synchronizer.info.physicalId;
        },
      },
      { checkCapacity: () => undefined, accept, end: () => undefined },
    );
  }

  /** What a synchronizer begins with: its root certificate, the delegation to its sequencer, its parameters. */
  beginnings(): SignedTransaction[] {
    const { namespace, info, settings } = this.synchronizer;
    const { root, sequencer } = this.keys;
    const signedBy = ({ publicKey, privateKey }: KeyPair, mapping: Mapping): SignedTransaction => {
      const transaction = buildTransaction(ADD, 1, mapping);
      const signature = sign(privateKey, KEY_SPEC, transaction.hash, fingerprint(publicKey));
      return { transaction, signatures: [signature], isProposal: false };
    };
    const certificate = { namespace, target_key: keyOf(root), can_sign_all_mappings: {} };
    const target_key = keyOf(sequencer);
    const delegation = { namespace, target_key, can_sign_all_mappings: {} };
    const synchronizer_parameters = initialParameters(settings);
    const parameters = { synchronizer_id: info.logicalId, synchronizer_parameters };
    return [
      signedBy(root, { code: 'nsd', value: certificate }),
      signedBy(root, { code: 'nsd', value: delegation }),
      // What is encoded here is decoded to the same.
      // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
      signedBy(sequencer, { code: 'dop', value: parameters as MappingValues['dop'] }),
    ];
  }

  /** The Admin API of its sequencer, as far as anything here needs it. */
  services(): Services {
    const writable = (storeId: StoreId | undefined): Writable => {
      const { id, physical_id } = storeId?.synchronizer ?? {};
      const { logicalId, physicalId } = this.synchronizer.info;
      if (id !== logicalId && physical_id !== physicalId) throw fieldNotSet('store');
      const whenInEffect = async () => {
        await wait(this.synchronizer.settings.topologyChangeMs + 1);
        return true;
      };
      return { manager: this.manager, membership: { replica: { whenInEffect } } };
    };
    return {
      [WRITE]: {
        Authorize: unary((request) => this.asSequencer(() => authorize({ writable }, request))),
      },
    };
  }

  /** Says who may join from now on. */
  restrict(onboarding_restriction: OnboardingRestriction): void {
    this.setParameters({ onboarding_restriction });
  }

  /** Turns traffic control on, changes it, or turns it off. */
  controlTraffic(control: TrafficControl | undefined): void {
    this.setParameters({ traffic_control: control && trafficParameters(control) });
  }

  private setParameters(changed: Parameters): void {
    const { logicalId } = this.synchronizer.info;
    const stored = this.synchronizer.store.latest(`dop/${logicalId}`)?.transaction.mapping;
    if (stored?.code !== 'dop') throw new Error(`${logicalId} has no parameters`);
    const parameters = {
      ...stored.value,
      synchronizer_parameters: { ...stored.value.synchronizer_parameters, ...changed },
    };
    // What is encoded here is decoded to the same.
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
    this.propose(ADD, { code: 'dop', value: parameters as MappingValues['dop'] });
  }

  /** Says what a participant may do from now on; without a permission, everything that its mappings say. */
  grant(participant_uid: string, grant: Grant): void {
    const { permission = 'PARTICIPANT_PERMISSION_SUBMISSION', maxRate, loginAfterMicros } = grant;
    const value = {
      synchronizer_id: this.synchronizer.info.logicalId,
      participant_uid,
      permission,
      ...(maxRate === undefined ? {} : { limits: { confirmation_requests_max_rate: maxRate } }),
      ...(loginAfterMicros === undefined ? {} : { login_after: String(loginAfterMicros) }),
    };
    this.propose(ADD, { code: 'pdp', value });
  }

  /** Takes a grant back. */
  revoke(uid: string): void {
    const key = `pdp/${this.synchronizer.info.logicalId}/${uid}`;
    const stored = this.synchronizer.store.latest(key)?.transaction;
    if (stored?.operation === ADD) this.propose(REMOVE, stored.mapping);
  }

  private propose(operation: Operation, mapping: Mapping): void {
    const how = { signedBy: [], mustFullyAuthorize: true, forces: new Set<string>() };
    this.manager.propose({ operation, serial: 0, mapping, ...how });
  }

  /** Errors of a sequencer name it in place of a participant. */
  private async asSequencer<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CantonRefusal)) throw error;
      const sequencer = this.synchronizer.sequencerId.split('::')[1];
      const metadata = { ...error.parts.metadata, participant: undefined, sequencer };
      throw new CantonRefusal({ ...error.parts, metadata });
    }
  }
}

function keyOf({ publicKey }: KeyPair): SigningPublicKey {
  return {
    format: SPKI,
    public_key: publicKey,
    usage: ['SIGNING_KEY_USAGE_NAMESPACE'],
    key_spec: KEY_SPEC,
  };
}

/** As a synchronizer is made by default. Source: golden35/restricted-synchronizer.jsonl 49. */
function initialParameters({ reconciliationMs, trafficControl }: Synchronizer['settings']): Parameters {
  const seconds = (count: number) => ({ seconds: String(count) });
  const nanos = (reconciliationMs % 1000) * 1_000_000;
  return {
    confirmation_response_timeout: seconds(30),
    mediator_reaction_timeout: seconds(30),
    assignment_exclusivity_timeout: seconds(60),
    ledger_time_record_time_tolerance: seconds(60),
    reconciliation_interval: { ...seconds(Math.floor(reconciliationMs / 1000)), nanos },
    mediator_deduplication_timeout: seconds(172_800),
    max_request_size: 10_485_760,
    onboarding_restriction: 'ONBOARDING_RESTRICTION_UNRESTRICTED_OPEN',
    participant_synchronizer_limits: { confirmation_requests_max_rate: 1_000_000 },
    sequencer_aggregate_submission_timeout: seconds(360),
    ...(trafficControl && { traffic_control: trafficParameters(trafficControl) }),
    acs_commitments_catchup: { catchup_interval_skip: 5, nr_intervals_to_trigger_catchup: 2 },
    preparation_time_record_time_tolerance: seconds(86_400),
  };
}
