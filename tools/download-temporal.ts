/**
 * Downloads the Temporal CLI by the SDK into a folder: `download-temporal <folder>`.
 *
 * A process of its own because the SDK's download has no time limit and does not react to SIGTERM.
 */
import { TestWorkflowEnvironment } from '@temporalio/testing';

import { PINNED_CLI } from './pinned-binary.js';

const [downloadDir] = process.argv.slice(2);
if (downloadDir === undefined) throw new Error('usage: download-temporal <folder>');

// Whatever comes is taken only if its hash is the pinned one.
const executable = {
  type: 'cached-download',
  downloadDir,
  version: `v${PINNED_CLI.version}`,
} as const;
const environment = await TestWorkflowEnvironment.createLocal({ server: { executable } });
await environment.teardown();
