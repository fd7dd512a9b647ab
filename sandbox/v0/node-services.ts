import { CantonRefusal, PlainFailure } from '../errors.js';
import { timestamp } from '../clock.js';
import { unary, type Service, type Services } from '../grpc.js';
import type { Clock } from '../node.js';
import { decode } from '../wire.js';
import type { SigningPublicKey } from './keys.js';
import type { Participant210 } from './participant.js';

const VERSION = '2.10.5-SNAPSHOT';
const UNSUPPORTED =
  'This method is unsupported by the Community edition of canton. Please see https://www.digitalasset.com/products/daml-enterprise for details on obtaining Canton Enterprise.';
const UNIMPLEMENTED = 12;

/** Who the node is, its keys, its limits, and whether it answers. */
export function nodeServices(node: Participant210, clock: Clock): Services {
  return {
    'com.digitalasset.canton.topology.admin.v0.InitializationService': identity(node, clock),
    'com.digitalasset.canton.participant.admin.v0.ParticipantStatusService': status(node),
    'com.digitalasset.canton.crypto.admin.v0.VaultService': vault(node),
    'com.digitalasset.canton.participant.admin.v0.PingService': ping(node),
    'com.digitalasset.canton.participant.admin.v0.ResourceManagementService': limits(node),
    'com.digitalasset.canton.participant.admin.v0.PruningService': pruning(node),
  };
}

function identity(
  node: Participant210,
  clock: Clock,
): Service<'com.digitalasset.canton.topology.admin.v0.InitializationService'> {
  return {
    GetId: unary(() => ({
      initialized: true,
      unique_identifier: node.uid,
      instance: node.options.name,
    })),
    CurrentTime: unary(() => timestamp(clock.nowMicros())),
  };
}

function status(
  node: Participant210,
): Service<'com.digitalasset.canton.participant.admin.v0.ParticipantStatusService'> {
  const components = ['db-storage', 'crypto', 'sync-domain', 'sequencer-client'];
  return {
    ParticipantStatus: unary(() => ({
      status: {
        common_status: {
          uid: node.uid,
          uptime: { seconds: '60' },
          active: true,
          topology_queues: { dispatcher: stuck(node) },
          components: components.map((name) => ({ name, ok: {} })),
          version: VERSION,
        },
        connected_domains: node.domains
          .filter(({ isConnected }) => isConnected)
          .map(({ domain }) => ({ domain_id: domain.id, healthy: true })),
        active: true,
        supported_protocol_versions: [5, 7],
      },
    })),
  };
}

function vault(node: Participant210): Service<'com.digitalasset.canton.crypto.admin.v0.VaultService'> {
  return {
    ListMyKeys: unary(() => ({
      private_keys_metadata: [...node.keys.values()].map(({ publicKey, name, purpose }) => ({
        public_key_with_name: { public_key: publicKeyOf(publicKey, purpose), name },
      })),
    })),
    ListPublicKeys: unary(({ filter_fingerprint = '' }) => ({
      public_keys: [...node.publicKeys.values()]
        .filter(({ key }) => key.id?.startsWith(filter_fingerprint))
        .map(({ key, name }) => ({
          public_key: publicKeyOf(key, node.keys.get(key.id ?? '')?.purpose ?? 'signing'),
          name,
        })),
    })),
    ImportPublicKey: unary(({ public_key, name = '' }) => {
      const key = importedKey(Buffer.from(public_key ?? []));
      if (!node.publicKeys.has(key.id ?? '')) node.publicKeys.set(key.id ?? '', { key, name });
      return { fingerprint: key.id ?? '' };
    }),
    // Also of a key that it never had. Source: canton-2.10 H, item 13.
    DeleteKeyPair: unary(({ fingerprint = '' }) => {
      node.keys.delete(fingerprint);
      node.publicKeys.delete(fingerprint);
      return {};
    }),
    RegisterKmsSigningKey: unary(() => {
      throw new PlainFailure(UNSUPPORTED, UNIMPLEMENTED);
    }),
  };
}

function ping(
  node: Participant210,
): Service<'com.digitalasset.canton.participant.admin.v0.PingService'> {
  return {
    ping: unary(({ target_parties = [] }) => {
      const isConnected = node.domains.some((its) => its.isConnected);
      return isConnected && target_parties.includes(node.uid)
        ? { success: { ping_time: '20', responder: node.uid } }
        : { failure: {} };
    }),
  };
}

function limits(
  node: Participant210,
): Service<'com.digitalasset.canton.participant.admin.v0.ResourceManagementService'> {
  return {
    GetResourceLimits: unary(() => ({ ...node.limits })),
    UpdateResourceLimits: unary(({ max_dirty_requests, max_rate, max_burst_factor }) => {
      assertEnterprise(node);
      node.limits = {
        max_dirty_requests: max_dirty_requests ?? 0,
        max_rate: max_rate ?? 0,
        max_burst_factor: Number(max_burst_factor ?? 0),
      };
      return {};
    }),
  };
}

function pruning(
  node: Participant210,
): Service<'com.digitalasset.canton.participant.admin.v0.PruningService'> {
  const prunes = () => assertPrunes(node);
  return {
    GetSchedule: unary(() => {
      prunes();
      return node.local.schedule ? { schedule: node.local.schedule } : {};
    }),
    SetSchedule: unary(({ schedule }) => {
      prunes();
      node.local.schedule = schedule ? { ...schedule } : undefined;
      return {};
    }),
    ClearSchedule: unary(() => {
      prunes();
      node.local.schedule = undefined;
      return {};
    }),
  };
}

function assertEnterprise({ options }: Participant210): void {
  if (options.edition === 'community') throw new PlainFailure(UNSUPPORTED, UNIMPLEMENTED);
}

function assertPrunes({ options }: Participant210): void {
  if (options.edition === 'enterprise') return;
  throw new CantonRefusal({
    id: 'PRUNING_NOT_SUPPORTED_IN_COMMUNITY_EDITION',
    category: 9,
    cause: 'Pruning is only supported in the Enterprise Edition',
  });
}

/** Of every domain it is connected to. */
function stuck(node: Participant210): number {
  return node.domains
    .filter(({ isConnected }) => isConnected)
    .reduce((sum, { domain }) => sum + node.stuckFor(domain).length, 0);
}

function publicKeyOf(key: SigningPublicKey, purpose: 'signing' | 'encryption') {
  if (purpose === 'signing') return { signing_public_key: key };
  return { encryption_public_key: { ...key, scheme: 'EciesP256HkdfHmacSha256Aes128Gcm' as const } };
}

function importedKey(bytes: Buffer): SigningPublicKey {
  const { signing_public_key: key } = decode('com.digitalasset.canton.crypto.v0.PublicKey', bytes);
  if (key) return key;
  throw new PlainFailure('Failed to parse the public key', 3);
}
