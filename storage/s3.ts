import {
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

import { UnusableList, type BlobStore } from './list-store.js';
import type { BucketPlace } from './places.js';

const CALL_LIMIT_MS = 60_000;

/** Of answers that a later try may not get. Anything else is for an operator. */
const PASSING = [408, 429, 500, 502, 503, 504];

/**
 * Keeps each blob as an object of a bucket that several workers and clients share. Who it is, is found as every program
 * for AWS finds it: environment, profile, or the role of the machine.
 */
export class S3Store implements BlobStore {
  private readonly client: S3Client;

  constructor(private readonly place: BucketPlace) {
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

  async put(name: string, bytes: Uint8Array): Promise<void> {
    const object = { ...this.objectOf(name), Body: bytes, ContentLength: bytes.length };
    await this.asked(() =>
      this.client.send(new PutObjectCommand(object), {
        abortSignal: AbortSignal.timeout(CALL_LIMIT_MS),
      }),
    );
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    return this.asked(async () => {
      try {
        const limit = { abortSignal: AbortSignal.timeout(CALL_LIMIT_MS) };
        const { Body } = await this.client.send(new GetObjectCommand(this.objectOf(name)), limit);
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    });
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
      const isPassing = status === undefined || PASSING.includes(status);
      const { name } = error as Error;
      throw new UnusableList(
        'ListStoreUnavailable',
        `the list store, bucket ${this.place.bucket}, answered ${status ?? 'nothing'}: ${name}`,
        { cause: error, kind: isPassing ? 'transient' : 'refused' },
      );
    }
  }
}
