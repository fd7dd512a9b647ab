import { buffer } from 'node:stream/consumers';

import {
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

import { contentOf, UnusableList, type BlobStore, type Chunks, type Content } from './list-store.js';
import type { BucketPlace } from './places.js';

/** Of one call, with what the SDK tries again by itself, to the last byte of the answer. */
const CALL_LIMIT_MS = 60_000;

/** Of answers that a later try may not get. Anything else is for an operator. */
const PASSING = [408, 429, 500, 502, 503, 504];

/** Without an answer: what a network does that is there, and a call that took too long. */
const PASSING_ERRORS = [
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'AbortError', 'TimeoutError'],
];

/**
 * Keeps each blob as an object of a bucket that several workers and clients share. Who it is, is found as every program
 * for AWS finds it: environment, profile, or the role of the machine.
 */
export class S3Store implements BlobStore {
  private readonly client: S3Client;

  constructor(
    private readonly place: BucketPlace,
    private readonly limitMs = CALL_LIMIT_MS,
  ) {
    const { region, endpoint, isPathStyle } = place;
    this.client = new S3Client({
      ...(region !== undefined && { region }),
      ...(endpoint !== undefined && { endpoint }),
      forcePathStyle: isPathStyle,
      // Other stores than that of AWS know no checksums but those that are asked for.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  /** In one request, which is made with all of it. */
  async put(name: string, { byteLength, chunks }: Content): Promise<void> {
    const object = { ...this.objectOf(name), Body: await buffer(chunks), ContentLength: byteLength };
    await this.asked(() =>
      this.client.send(new PutObjectCommand(object), {
        abortSignal: AbortSignal.timeout(this.limitMs),
      }),
    );
  }

  async get(name: string): Promise<Chunks | undefined> {
    const bytes = await this.asked(async () => {
      try {
        const limit = { abortSignal: AbortSignal.timeout(this.limitMs) };
        const { Body } = await this.client.send(new GetObjectCommand(this.objectOf(name)), limit);
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    });
    return bytes && contentOf(bytes).chunks;
  }

  private objectOf(name: string) {
    const { bucket, prefix } = this.place;
    return { Bucket: bucket, Key: prefix === '' ? name : `${prefix}/${name}` };
  }

  /** A refusal of the store stops a step; what may pass is retried. The answer names neither address nor credentials. */
  private async asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      const { name, code = name, message } = error as NodeJS.ErrnoException;
      const isPassing = status === undefined ? PASSING_ERRORS.includes(code) : PASSING.includes(status);
      const cure = isPassing ? '' : cureOf(code, message);
      throw new UnusableList(
        'ListStoreUnavailable',
        `the list store, bucket ${this.place.bucket}, answered ${status ?? 'nothing'}: ${code}${cure}`,
        { cause: error, kind: isPassing ? 'transient' : 'refused' },
      );
    }
  }
}

/** What to set where no address was asked, or a wrong one. */
function cureOf(code: string, message: string): string {
  if (/credential/i.test(code))
    return '; expected credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or give the machine a role';
  if (/region is missing/i.test(message))
    return '; expected a region: set region in lists, s3://<bucket>/<prefix>?region=<region>, or AWS_REGION';
  if (code === 'ENOTFOUND')
    return '; expected a host that has an address: check endpoint, region and bucket in lists, and whether pathStyle=true is needed';
  return '';
}
