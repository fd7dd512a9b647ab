import { createPublicKey, KeyObject, subtle, verify } from 'node:crypto';

import type { HandedIn, HostingRequest } from '../../model/ceremony.js';
import type { SigningAlgorithm } from '../../model/participant.js';
import { bounded, NAME_LIMIT } from '../../model/shown-text.js';

/** Ed25519 hashes by itself. */
const DIGESTS: Record<SigningAlgorithm, string | null> = {
  ED25519: null,
  EC_DSA_SHA_256: 'sha256',
  EC_DSA_SHA_384: 'sha384',
};

/** Ed25519 signatures have one length; in DER, two numbers of a curve have at most this one. */
const SIGNATURE_BYTES: Record<SigningAlgorithm, { least: number; most: number }> = {
  ED25519: { least: 64, most: 64 },
  EC_DSA_SHA_256: { least: 8, most: 72 },
  EC_DSA_SHA_384: { least: 8, most: 104 },
};

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Why a signature is not taken. `type` is a stable PascalCase name. */
export interface Refusal {
  type: string;
  why: string;
}

/** Checks a signature against the request that it names; returns what is wrong with it, if anything. */
export async function signatureProblem(
  request: HostingRequest,
  { signature, signedBy, algorithm }: HandedIn,
): Promise<Refusal | undefined> {
  const { key } = request;
  if (signedBy !== undefined && signedBy !== key.fingerprint)
    return expected('KeyMismatch', 'signedBy', signedBy, key.fingerprint);
  if (algorithm !== undefined && algorithm !== request.algorithm)
    return expected('AlgorithmMismatch', 'algorithm', algorithm, request.algorithm);
  if (!BASE64.test(signature))
    return {
      type: 'InputInvalid',
      why: 'signature: found text that is not base64, expected base64',
    };
  const bytes = Buffer.from(signature, 'base64');
  const { least, most } = SIGNATURE_BYTES[request.algorithm];
  if (bytes.length < least || bytes.length > most) {
    const length = least === most ? `${most}` : `at most ${most}, in DER`;
    return {
      type: 'SignatureLength',
      why: `signature: found ${bytes.length} bytes, expected ${length} for ${request.algorithm}`,
    };
  }
  if (await isGenuine(request, bytes)) return undefined;
  return {
    type: 'SignatureWrong',
    why: `signature: not one of key ${key.fingerprint} over these bytes: it was made with another key, or of another text`,
  };
}

function expected(type: string, field: string, found: unknown, wanted: string): Refusal {
  return {
    type,
    why: `${field}: found ${bounded(String(found), NAME_LIMIT)}, expected ${wanted}`,
  };
}

/** In the thread pool of Node, so that heartbeats go out meanwhile. */
async function isGenuine({ key, algorithm, hash }: HostingRequest, signature: Buffer): Promise<boolean> {
  const message = Buffer.from(hash, 'hex');
  const options = { key: await publicKeyOf(key.publicKey), dsaEncoding: 'der' } as const;
  return new Promise((resolve) => {
    // What is no signature at all of such a key is an error to some versions of OpenSSL.
    verify(DIGESTS[algorithm], message, options, signature, (error, isRight) =>
      resolve(!error && isRight),
    );
  });
}

/** Of the last key: the requests are ordered by it. */
let last: { publicKey: string; object: Promise<KeyObject> } | undefined;

function publicKeyOf(publicKey: string): Promise<KeyObject> {
  if (last?.publicKey !== publicKey) last = { publicKey, object: readKey(publicKey) };
  return last.object;
}

/** How the DER of a key begins, up to the key itself. */
const FRAMES = [
  { start: '302a300506032b6570032100', curve: 'Ed25519', bytes: 32 },
  { start: '3059301306072a8648ce3d020106082a8648ce3d030107034200', curve: 'P-256', bytes: 65 },
  { start: '3076301006072a8648ce3d020106052b81040022036200', curve: 'P-384', bytes: 97 },
] as const;

/**
 * OpenSSL takes 0.2 ms to decode the DER of a key, as long as to check a signature, and less for the key
 * alone.
 */
async function readKey(publicKey: string): Promise<KeyObject> {
  const der = Buffer.from(publicKey, 'base64');
  const frame = FRAMES.find(
    ({ start, bytes }) =>
      der.length === start.length / 2 + bytes && der.toString('hex', 0, start.length / 2) === start,
  );
  if (!frame) return createPublicKey({ key: der, format: 'der', type: 'spki' });
  const raw = der.subarray(-frame.bytes);
  if (frame.curve === 'Ed25519') {
    const key = { kty: 'OKP', crv: frame.curve, x: raw.toString('base64url') };
    return createPublicKey({ key, format: 'jwk' });
  }
  const algorithm = { name: 'ECDSA', namedCurve: frame.curve };
  return KeyObject.from(await subtle.importKey('raw', raw, algorithm, true, ['verify']));
}
