import type { AllowedKeys } from '../../model/participant.js';
import { Channel } from '../channel.js';
import { Endpoint } from '../endpoint.js';
import { CantonError } from '../errors.js';
import type { SequencerConnection } from '../gen/com/digitalasset/canton/admin/sequencer/v30/sequencer_connection_pb.js';
import {
  EncryptionKeySpec,
  SigningKeySpec,
} from '../gen/com/digitalasset/canton/crypto/v30/crypto_pb.js';
import { SequencerConnectService } from '../gen/com/digitalasset/canton/sequencer/api/v30/sequencer_connect_service_pb.js';
import { shortened, shortenedName } from '../peer-text.js';

/** Where a participant reaches a sequencer. */
interface SequencerAddress {
  /** `host:port`. */
  address: string;
  tls?: { ca?: Uint8Array };
}

/** Each may take its whole deadline, and they are third parties' machines. */
const MAX_ASKED = 20;
/** Canton knows fewer than ten of each. */
const MAX_SPECS = 100;

/**
 * Asks the sequencers one after another, as the participant would reach them, and returns the first answer.
 *
 * No API of a participant tells these; a sequencer answers without authentication. Source: admin-api 4.1.
 */
export async function findAllowedKeys(
  participant: string,
  connections: SequencerConnection[],
): Promise<AllowedKeys | { unanswered: string[] }> {
  const unanswered: string[] = [];
  for (const at of connections.flatMap(addressesOf).slice(0, MAX_ASKED)) {
    try {
      return await askFor(participant, at);
    } catch (error) {
      unanswered.push(`${shortenedName(at.address)} (${reasonOf(error)})`);
    }
  }
  return { unanswered };
}

async function askFor(participant: string, at: SequencerAddress): Promise<AllowedKeys> {
  const method = SequencerConnectService.method.getSynchronizerParameters;
  const channel = new Channel(new Endpoint(participant, at));
  try {
    const { parameters } = await channel.unary(method, {});
    const { requiredSigningSpecs, requiredEncryptionSpecs } = parameters.value ?? {};
    if (!requiredSigningSpecs || !requiredEncryptionSpecs)
      throw channel.refuse(method, 'no key specs came back');
    const signing = requiredSigningSpecs.keys;
    const encryption = requiredEncryptionSpecs.keys;
    if (signing.length + encryption.length > MAX_SPECS)
      throw channel.refuse(method, `more than ${MAX_SPECS} key specs came back`);
    return {
      signing: signing.map((spec) => SigningKeySpec[spec] ?? `${spec as number}`),
      encryption: encryption.map((spec) => EncryptionKeySpec[spec] ?? `${spec as number}`),
    };
  } finally {
    channel.close();
  }
}

/** Its addresses are URIs; without a port it is the one of the scheme. */
function addressesOf({ type }: SequencerConnection): SequencerAddress[] {
  if (type.case !== 'grpc') return [];
  const { connections, transportSecurity, customTrustCertificates: ca } = type.value;
  return connections.map((uri) => {
    const host = uri.replace(/^\w+:\/\//, '').replace(/\/.*$/, '');
    const address = /:\d+$/.test(host) ? host : `${host}:${transportSecurity ? 443 : 80}`;
    return { address, ...(transportSecurity && { tls: { ...(ca?.length && { ca }) } }) };
  });
}

/** In a word, without the trace id: two plans that find the same have to say the same. */
function reasonOf(error: unknown): string {
  if (!(error instanceof CantonError))
    return shortened(error instanceof Error ? error.message : String(error));
  return error.type ?? (error.code === 'OK' ? 'an answer without key specs' : error.code);
}
