import { setTimeout } from 'node:timers/promises';
import { micros } from '../clock.js';
import { deserializationFailure, fieldNotSet, PlainFailure } from '../errors.js';
import { unary, type Services } from '../grpc.js';
import type { Decoded, Encodable } from '../wire.js';
import { mappingOf } from './mapping.js';
import type { TopologyManager } from './manager.js';
import type { Membership, NodeTopology, StoreId } from './node-topology.js';
import {
  ADD,
  parseSigned,
  REMOVE,
  signedMessage,
  signers,
  type SignedTransaction,
} from './transaction.js';

type Admin = 'com.digitalasset.canton.topology.admin.v30';
type Authorize = Decoded<`${Admin}.AuthorizeRequest`>;
type Add = Decoded<`${Admin}.AddTransactionsRequest`>;
type Sign = Decoded<`${Admin}.SignTransactionsRequest`>;
type Generate = Decoded<`${Admin}.GenerateTransactionsRequest`>;

/** Simulates the TopologyManagerWriteService of one participant. Source: admin-api 1.6. */
export function topologyWriteService(topology: NodeTopology): Services {
  return {
    'com.digitalasset.canton.topology.admin.v30.TopologyManagerWriteService': {
      Authorize: unary(async (request) => {
        await topology.turn();
        return authorize(topology, request);
      }),
      AddTransactions: unary((request) => addTransactions(topology, request)),
      SignTransactions: unary((request) => signTransactions(topology, request)),
      GenerateTransactions: unary((request) => generateTransactions(topology, request)),
      CreateTemporaryTopologyStore: unary((request) => {
        const name = request.name ?? '';
        topology.createTemporary(name);
        return { store_id: { name } };
      }),
      DropTemporaryTopologyStore: unary((request) => {
        topology.dropTemporary(request.store_id?.name ?? '');
        return {};
      }),
    },
  };
}

/** Where a topology manager writes, and what tells that something took effect there. */
export interface Writable {
  readonly manager: TopologyManager;
  readonly membership?: { readonly replica: Pick<Membership['replica'], 'whenInEffect'> };
}

/** Proposes, signs and adds what a request asks for, and waits as long as it says. */
export async function authorize(
  topology: { readonly writable: (store: StoreId | undefined) => Writable },
  request: Authorize,
): Promise<Encodable<`${Admin}.AuthorizeResponse`>> {
  const proposal = request.proposal;
  const hash = request.transaction_hash;
  if (!proposal && hash === undefined) throw fieldNotSet('AuthorizeRequest.type');
  const body = proposal && parsed(proposal, proposal.change, 'change');
  const { manager, membership } = topology.writable(request.store);
  const options = {
    signedBy: request.signed_by,
    mustFullyAuthorize: request.must_fully_authorize === true,
    forces: new Set(request.force_changes),
  };
  const signed = body
    ? manager.propose({ ...body, ...options })
    : manager.proposeByHash(hash ?? '', options);
  await waitFor(membership, [signed], request, 'proposeAndAuthorize-wait-for-effective');
  return { transaction: signedMessage(signed) };
}

type Proposal = NonNullable<Authorize['proposal']> | Generate['proposals'][number];

function parsed(proposal: Proposal, operation: string | undefined, field: string) {
  if (operation !== ADD && operation !== REMOVE) throw fieldNotSet(field);
  return {
    operation,
    serial: Number(proposal.serial ?? 0),
    mapping: mappingOf(proposal.mapping),
  };
}

async function addTransactions(topology: NodeTopology, request: Add): Promise<object> {
  const transactions = signedTransactions(request);
  const { manager, membership } = topology.writable(request.store);
  await busy(transactions.length * topology.costs.addMicrosPerTransaction);
  manager.add(transactions, new Set(request.force_changes));
  await waitFor(membership, transactions, request, 'addTransactions-wait-for-effective');
  return {};
}

/** Reads transactions that have at least one signature each, as they must. */
function signedTransactions(request: Add | Sign): SignedTransaction[] {
  const transactions = request.transactions.map(parseSigned);
  if (transactions.every((signed) => signers(signed).length > 0)) return transactions;
  const reason = 'At least one signature must be provided';
  throw deserializationFailure(`InvariantViolation(Some(signatures),${reason})`);
}

/** So many transactions of one call are signed at twice the cost of a few. Source: networks H. */
const SIGNED_AT_TWICE = 1_400;

async function signTransactions(topology: NodeTopology, request: Sign) {
  const transactions = signedTransactions(request);
  const { manager } = topology.writable(request.store);
  const { length: count } = transactions;
  const slowness = 1 + count / SIGNED_AT_TWICE;
  await busy(count * slowness * topology.costs.signMicrosPerTransaction);
  return {
    transactions: manager.sign(transactions, request.signed_by).map(signedMessage),
  };
}

function generateTransactions(topology: NodeTopology, request: Generate) {
  const generated = request.proposals.map((proposal) => {
    const { manager } = topology.writable(proposal.store);
    const transaction = manager.build(parsed(proposal, proposal.operation, 'operation'));
    return { serialized_transaction: transaction.bytes, transaction_hash: transaction.hash };
  });
  return { generated_transactions: generated };
}

/** Keeps a call as long as a real node would. */
export async function busy(micros: number): Promise<void> {
  if (micros > 0) await setTimeout(micros / 1000);
}

/** Waits as long as the request asks for; a transaction takes effect all the same when the time is up. */
async function waitFor(
  membership: Writable['membership'],
  transactions: readonly SignedTransaction[],
  request: Authorize | Add,
  task: string,
): Promise<void> {
  const wait = request.wait_to_become_effective;
  if (!wait || !membership) return;
  const timeout = micros(wait);
  const isInEffect = await membership.replica.whenInEffect(transactions, Number(timeout) / 1000);
  if (!isInEffect)
    throw new PlainFailure(`Task ${task} did not complete within ${durationText(timeout)}.`);
}

const UNITS: readonly (readonly [bigint, string])[] = [
  [86_400_000_000n, 'day'],
  [3_600_000_000n, 'hour'],
  [60_000_000n, 'minute'],
  [1_000_000n, 'second'],
  [1000n, 'millisecond'],
  [1n, 'microsecond'],
];

/** Writes a duration in its coarsest whole unit, as Scala does. */
function durationText(duration: bigint): string {
  const [size, name] = UNITS.find(([unit]) => duration % unit === 0n && duration >= unit) ?? [
    1n,
    'microsecond',
  ];
  const count = duration / size;
  return `${count} ${name}${count === 1n ? '' : 's'}`;
}
