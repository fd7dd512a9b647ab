import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import type { TestContext } from 'node:test';
import { QUICK_TIMING, startSandbox, type Sandbox, type ScenarioChange } from '../../sandbox/index.js';
import { decode, encode, methodTypes, type Message } from '../../sandbox/wire.js';
import { errorDetails } from '../conformance/outcome.js';
import { until } from '../conformance/states.js';

/** How a call failed: the status name, the text and the error id, if it is a structured one. */
interface Failure {
  readonly code: string;
  readonly text: string;
  readonly id: string | undefined;
  readonly retryable: boolean;
}

/** Thrown by `call`. */
export class CallFailed extends Error implements Failure {
  readonly code: string;
  readonly text: string;
  readonly id: string | undefined;
  readonly retryable: boolean;

  constructor(error: ServiceError) {
    super(error.message);
    const details = errorDetails(
      error.metadata?.get('grpc-status-details-bin')[0] as Buffer | undefined,
    );
    const info = details.find(({ type }) => type === 'google.rpc.ErrorInfo');
    this.code = status[error.code];
    this.text = error.details;
    this.id = info?.content['reason'] as string | undefined;
    this.retryable = details.some(({ type }) => type === 'google.rpc.RetryInfo');
  }
}

const TOPOLOGY = 'com.digitalasset.canton.topology.admin.v30';
/** Short names of the services the tests call. */
export const SERVICES = {
  read: `${TOPOLOGY}.TopologyManagerReadService`,
  write: `${TOPOLOGY}.TopologyManagerWriteService`,
  parties: `${TOPOLOGY}.TopologyAggregationService`,
  identity: `${TOPOLOGY}.IdentityInitializationService`,
  vault: 'com.digitalasset.canton.crypto.admin.v30.VaultService',
  synchronizers: 'com.digitalasset.canton.admin.participant.v30.SynchronizerConnectivityService',
  packages: 'com.digitalasset.canton.admin.participant.v30.PackageService',
  commands: 'com.daml.ledger.api.v2.CommandService',
  interactive: 'com.daml.ledger.api.v2.interactive.InteractiveSubmissionService',
  ledgerParties: 'com.daml.ledger.api.v2.admin.PartyManagementService',
  pruning: 'com.digitalasset.canton.admin.participant.v30.PruningService',
  users: 'com.daml.ledger.api.v2.admin.UserManagementService',
  providers: 'com.daml.ledger.api.v2.admin.IdentityProviderConfigService',
  partyDetails: 'com.daml.ledger.api.v2.admin.PartyManagementService',
  partyArrival: 'com.digitalasset.canton.admin.participant.v30.PartyManagementService',
  inspection: 'com.digitalasset.canton.admin.participant.v30.ParticipantInspectionService',
} as const;

const same = (bytes: Buffer) => bytes;

/** Makes one unary call on a connection of its own. */
export async function call(
  address: string,
  service: keyof typeof SERVICES,
  method: string,
  request: Message = {},
): Promise<Message> {
  const rpc = `${SERVICES[service]}/${method}`;
  const types = methodTypes(rpc);
  const client = new Client(address, credentials.createInsecure());
  try {
    const bytes = await new Promise<Buffer>((resolve, reject) => {
      const options = { deadline: Date.now() + 10_000 };
      const body = encode(types.request, request);
      client.makeUnaryRequest(`/${rpc}`, same, same, body, new Metadata(), options, (error, answer) => {
        if (error) reject(new CallFailed(error));
        else resolve(answer ?? Buffer.alloc(0));
      });
    });
    return decode(types.response, bytes);
  } finally {
    client.close();
  }
}

/** Starts a small, quick sandbox that ends with the test. */
export async function quickSandbox(t: TestContext, change: ScenarioChange = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({
    scenario: { timing: QUICK_TIMING, contracts: { count: 10 }, ...change },
  });
  t.after(() => sandbox.close());
  return sandbox;
}

/** A `StoreId`. */
export const AUTHORIZED = { authorized: {} };

/** Returns the `StoreId` of the target's synchronizer. */
export function targetStore({ synchronizers }: Sandbox): Message {
  return { synchronizer: { id: synchronizers.target.info.logicalId } };
}

/** Returns the namespace of a uid. */
export function namespaceOf(uid: string): string {
  return uid.slice(uid.indexOf('::') + 2);
}

/** Returns the proposal of the delegation from the source's namespace to the target's key. */
export function delegationProposal(
  { participants }: Sandbox,
  change = 'TOPOLOGY_CHANGE_OP_ADD_REPLACE',
): Message {
  const namespace_delegation = {
    namespace: namespaceOf(participants.source.uid),
    target_key: participants.target.participant.node.vault.namespaceKey().signing,
    can_sign_all_but_namespace_delegations: {},
  };
  return { change, mapping: { namespace_delegation } };
}

/** Returns the proposal that the target hosts a party. */
export function hostingProposal({ participants }: Sandbox, party: string, extra: Message = {}): Message {
  const host = {
    participant_uid: participants.target.uid,
    permission: 'PARTICIPANT_PERMISSION_SUBMISSION',
  };
  const party_to_participant = { party, threshold: 1, participants: [host] };
  return { change: 'TOPOLOGY_CHANGE_OP_ADD_REPLACE', mapping: { party_to_participant }, ...extra };
}

/** Issues the delegation on the source, loads it into the target and waits until the synchronizer has it. */
export async function delegate(sandbox: Sandbox): Promise<void> {
  const { source, target } = sandbox.addresses;
  const body = { proposal: delegationProposal(sandbox), must_fully_authorize: true, store: AUTHORIZED };
  const answer = await call(source.admin, 'write', 'Authorize', body);
  const transactions = [rootOf(sandbox), answer['transaction']];
  await call(target.admin, 'write', 'AddTransactions', { transactions, store: AUTHORIZED });
  const { alias } = sandbox.scenario.synchronizers.target;
  await until(
    async () => sandbox.participants.target.delegations(alias),
    (found) => found.some((one) => one.restriction === 'all-but-nsd'),
  );
}

/** Returns the root certificate of the source as a `SignedTopologyTransaction`. */
export function rootOf({ participants }: Sandbox): Message {
  const { node } = participants.source.participant;
  const [entry] = node.topology.authorized.store.all('nsd');
  if (!entry) throw new Error('the source has no root certificate');
  return { transaction: entry.transaction.bytes, signatures: entry.signatures };
}
