import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { defaultPayloadConverter } from '@temporalio/common';
import type { WorkerOptions as SdkOptions } from '@temporalio/worker';

import { MigrationPayloadCodec } from '../secrets/payload-codec.js';
import type { WorkerOptions } from './options.js';
import { bundleWorkflows, FAILURE_CONVERTER } from './workflow-code.js';

/** The bundle that the build wrote, else bundled from source at start. */
export async function workflowsOf(options: WorkerOptions): Promise<Pick<SdkOptions, 'workflowBundle'>> {
  const isEncrypted = encrypts(options);
  const name = isEncrypted ? 'workflow-bundle-encrypted.js' : 'workflow-bundle.js';
  const codePath = fileURLToPath(new URL(name, import.meta.url));
  const isBuilt = existsSync(codePath);
  return { workflowBundle: isBuilt ? { codePath } : await bundleWorkflows('WARN', { isEncrypted }) };
}

/** How large a value is as a payload of this worker. */
export async function payloadBytes(options: WorkerOptions, value: unknown): Promise<number> {
  const codec = new MigrationPayloadCodec({ ...options.payloads, unopened: 'pass' });
  const [payload] = await codec.encode([defaultPayloadConverter.toPayload(value)]);
  return payload?.data?.length ?? 0;
}

/** Always with a codec: what an earlier setting compressed is opened whatever holds now. */
export function dataConverterOf(options: WorkerOptions) {
  const codec = new MigrationPayloadCodec({ ...options.payloads, unopened: 'pass' });
  return {
    payloadCodecs: [codec],
    ...(encrypts(options) && { failureConverterPath: FAILURE_CONVERTER }),
  };
}

function encrypts({ payloads }: WorkerOptions): boolean {
  return payloads !== undefined && payloads.keys.length > 0;
}
