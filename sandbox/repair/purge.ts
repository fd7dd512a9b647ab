import { unary } from '../grpc.js';
import type { Ledger } from '../ledger/ledger.js';
import type { TopologyPort } from '../node.js';
import type { Decoded } from '../wire.js';
import type { RepairMode } from './mode.js';
import { invalidArgument, purgeRefusal, STILL_CONNECTED } from './refusals.js';

/** What a purge of one participant works with. */
export interface PurgeParts {
  readonly ledger: Ledger;
  readonly topology: TopologyPort;
  readonly mode: RepairMode;
  readonly repairTime: (logicalId: string) => number;
}

type PurgeMessage = Decoded<'com.digitalasset.canton.admin.participant.v30.PurgeContractsRequest'>;

/** Returns the handler of `PurgeContracts`. Source: admin-api 2.7. */
export function purgeContracts(parts: PurgeParts) {
  return unary((request: PurgeMessage) => purge(parts, request));
}

function purge({ ledger, topology, mode, repairTime }: PurgeParts, request: PurgeMessage) {
  const alias = request.synchronizer_alias ?? '';
  const ids = request.contract_ids;
  for (const id of ids) {
    if (/^00[0-9a-f]{64,}$/.test(id) && id.length % 2 === 0) continue;
    throw invalidArgument(`Unable to convert field \`contract_ids\`: cannot parse ContractId "${id}"`);
  }
  if (topology.connected().length > 0) throw purgeRefusal(alias, STILL_CONNECTED);
  const leave = mode.enterOnQueue();
  try {
    const synchronizer = topology.registered().find((one) => one.alias === alias);
    if (!synchronizer) throw purgeRefusal(alias, `Could not find Synchronizer '${alias}'`);
    const { logicalId } = synchronizer;
    const skips = request.ignore_already_purged === true;
    const slots = [...new Set(ids)]
      .map((id) => purgeable(ledger, { id, alias, logicalId, skips }))
      .filter((slot) => slot !== undefined);
    const time = repairTime(logicalId);
    const ended = slots.map((slot) => ({ slot, end: 'purged' as const }));
    // Both times of a purge are the repair's; those of a ledger transaction differ.
    const times = { effectiveAtMicros: time, recordTimeMicros: time };
    ledger.commit([{ synchronizerId: logicalId, ...times, ended }], { extraOffsets: 1 });
  } finally {
    leave();
  }
  return {};
}

interface Purged {
  readonly id: string;
  readonly alias: string;
  readonly logicalId: string;
  readonly skips: boolean;
}

function purgeable(ledger: Ledger, { id, alias, logicalId, skips }: Purged): number | undefined {
  const slot = ledger.index.findOn(id, logicalId);
  if (slot !== undefined && ledger.isActive(slot)) return slot;
  if (skips) return undefined;
  const state =
    slot === undefined ? 'unknown contract' : `${ledger.index.endOf(slot) ?? 'unknown'} contract`;
  throw purgeRefusal(
    alias,
    `Contract ContractId(${id}) cannot be purged: ${state}. Set ignoreAlreadyPurged = true to skip non-existing contracts.`,
  );
}
