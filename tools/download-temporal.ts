/**
 * Downloads a server binary by the SDK into a folder: `download-temporal <cli|time-skipping> <folder>`.
 *
 * A process of its own because the SDK's download has no time limit and does not react to SIGTERM.
 */
import { TestWorkflowEnvironment } from '@temporalio/testing';

import { PINNED_CLI } from './pinned-binary.js';

const [kind, downloadDir] = process.argv.slice(2);
if (downloadDir === undefined) throw new Error('usage: download-temporal <cli|time-skipping> <folder>');

// Whatever comes is taken only if its hash is the pinned one.
const version = kind === 'cli' ? `v${PINNED_CLI.version}` : 'default';
const executable = { type: 'cached-download', downloadDir, version } as const;
const environment = await (kind === 'time-skipping'
  ? TestWorkflowEnvironment.createTimeSkipping({ server: { executable } })
  : TestWorkflowEnvironment.createLocal({ server: { executable } }));
await environment.teardown();
