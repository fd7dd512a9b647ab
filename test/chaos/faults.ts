import { execFileSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';

import { pick, type Random } from '../support/random.js';
import type { ChaosStack } from './stack.js';

export interface ChaosFault {
  name: string;
  /** Lets it happen; resolves when what was killed is back. */
  strike: (stack: ChaosStack, random: Random, busyPid: number | undefined) => Promise<void>;
  /** Ends it where it lasts until somebody does. */
  lift?: (stack: ChaosStack) => Promise<void>;
  /** Why a migration may stop because of it, by failure type. */
  reasons: readonly string[];
  /** Whether it has to be there before the copy begins, or it would hit nothing. */
  isEarly?: true;
  /** Whether it kills what sends or takes contracts: at most one import call is then sent again. */
  isKill: boolean;
}

const OUTAGE_MS = 3_000;
/** Of what a worker may write into one file: less than a spool has. */
const FULL_AFTER_BYTES = 100_000;

const STREAMS = ['ExportAcs', 'ImportAcs', 'GetActiveContracts', 'GetUpdates'] as const;
const CHANGES = [
  'Authorize',
  'AddTransactions',
  'UploadDar',
  'ModifySynchronizer',
  'DisconnectSynchronizer',
  'ReconnectSynchronizer',
  'SetResourceLimits',
  'ImportAcs',
  'PurgeContracts',
] as const;

/** Every fault, each as likely as the others. */
export const FAULTS: readonly ChaosFault[] = [
  {
    name: 'kill the busy worker',
    isKill: true,
    reasons: [],
    strike: (stack, random, busyPid) => stack.killWorker(busyPid ?? pick(stack.workerPids, random)),
  },
  {
    name: 'kill any worker',
    isKill: true,
    reasons: [],
    strike: (stack, random) => stack.killWorker(pick(stack.workerPids, random)),
  },
  {
    name: 'kill the source',
    isKill: true,
    reasons: ['Unavailable', 'NotConnected', 'SourceNotQuiet'],
    strike: (stack) => stack.crash('source'),
  },
  {
    name: 'kill the target',
    isKill: true,
    reasons: ['Unavailable', 'NotConnected', 'PingFailed'],
    strike: (stack) => stack.crash('target'),
  },
  {
    name: 'kill both participants',
    isKill: true,
    reasons: ['Unavailable', 'NotConnected', 'PingFailed', 'SourceNotQuiet'],
    strike: (stack) => stack.killSandbox(),
  },
  {
    name: 'synchronizers away',
    isKill: false,
    reasons: ['NotConnected', 'PingFailed', 'PartiesNotEffective', 'DelegationNotVisible', 'NotVetted'],
    strike: async (stack) => {
      await stack.setSynchronizerUp(false);
      await setTimeout(OUTAGE_MS);
      await stack.setSynchronizerUp(true);
    },
  },
  {
    name: 'kill Temporal',
    isKill: true,
    reasons: [],
    strike: (stack) => stack.killTemporal(),
  },
  {
    name: 'cut a stream',
    isKill: true,
    reasons: [],
    strike: (stack, random) =>
      stack.arm({ kind: 'breakStream', method: pick(STREAMS, random), afterBytes: random(60_000) }),
  },
  {
    name: 'drop a reply',
    isKill: false,
    reasons: [],
    strike: (stack, random) => stack.arm({ kind: 'dropReply', method: pick(CHANGES, random) }),
  },
  {
    name: 'fill the disk',
    isEarly: true,
    isKill: true,
    reasons: ['SpoolNotWritable'],
    strike: async (stack) => limitFiles(stack, String(FULL_AFTER_BYTES)),
    lift: async (stack) => limitFiles(stack, 'unlimited'),
  },
];

/** Only the soft limit, which can be raised again. A worker that may not write larger files sees what it sees on a full disk; lifted, there is room again. */
function limitFiles({ workerPids }: ChaosStack, bytes: string): void {
  for (const pid of workerPids) execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
}
