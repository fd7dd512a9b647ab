import { CantonRefusal, shortenIds } from './errors.js';
import { unary, type Services } from './grpc.js';
import type { NodeTopology } from './topology/node-topology.js';
import { available, type TrafficShortage } from './traffic.js';

/** Whose traffic it is. */
interface TrafficParts {
  readonly name: string;
  readonly uid: string;
  readonly topology: NodeTopology;
}

/** Simulates the TrafficControlService of one participant. Source: networks F. */
export function trafficService({ name, uid, topology }: TrafficParts): Services {
  return {
    'com.digitalasset.canton.admin.participant.v30.TrafficControlService': {
      TrafficControlState: unary((request) => {
        const id = request.synchronizer_id ?? '';
        const replica = topology.find(id)?.replica;
        if (!replica?.isConnected) throw notConnectedTo(id, name);
        const { purchased, consumed, base, lastCost, atMicros, serial } =
          replica.synchronizer.traffic.known(uid);
        return {
          traffic_state: {
            extra_traffic_purchased: String(purchased),
            extra_traffic_consumed: String(consumed),
            base_traffic_remainder: String(base),
            last_consumed_cost: String(lastCost),
            timestamp: String(atMicros),
            ...(serial !== undefined && { serial }),
          },
        };
      }),
    },
  };
}

function notConnectedTo(synchronizer: string, participant: string): CantonRefusal {
  return new CantonRefusal({
    id: 'NOT_CONNECTED_TO_SYNCHRONIZER',
    category: 9,
    cause: `This participant is not connected to synchronizer ${synchronizer}.`,
    metadata: { synchronizer, participant },
    definiteAnswer: false,
  });
}

/** Who wanted to send, and over which synchronizer (physical id). */
interface Sender {
  readonly name: string;
  readonly uid: string;
  readonly psid: string;
}

/** Returns the refusal of a command for which there is no traffic. Source: golden35/traffic-control.jsonl 24. */
export function requestFailed(sender: Sender, shortage: TrafficShortage): CantonRefusal {
  return new CantonRefusal({
    id: 'SEQUENCER_REQUEST_FAILED',
    category: 2,
    cause: 'Failed to send command',
    metadata: {
      sendError: sendError(sender, shortage),
      psid: shortenIds(sender.psid),
      participant: sender.name,
    },
    definiteAnswer: true,
  });
}

/** As Scala prints it. The node's trace id is in it too; a reader finds the error by its id. */
function sendError({ uid, psid }: Sender, { cost, account }: TrafficShortage): string {
  const state = [
    `extraTrafficLimit = ${account.purchased}`,
    `extraTrafficConsumed = ${account.consumed}`,
    `baseTrafficRemainder = ${account.base}`,
    `lastConsumedCost = ${account.lastCost}`,
    `timestamp = ${new Date(account.atMicros / 1000).toISOString().replace('Z', '000Z')}`,
    `availableTraffic = ${available(account)}`,
  ];
  const why = `Submission was rejected because no traffic is available: AboveTrafficLimit(\n  member = ${shortenIds(`PAR::${uid}`)},\n  trafficCost = ${cost},\n  trafficState = TrafficState(${state.join(', ')})\n)`;
  const trace = crypto.randomUUID().replaceAll('-', '');
  const id = 'SEQUENCER_NOT_ENOUGH_TRAFFIC_CREDIT';
  const cause = `${id}(9,${trace.slice(0, 8)}): ${why}`;
  const context = [
    "'outer=>TrafficCredit'",
    `'message1=>${why}'`,
    `'sequencer=>sequencer-${psid.slice(0, psid.indexOf('::'))}'`,
    "'definite_answer=>true'",
  ];
  return `RequestRefused(\n  SendAsyncErrorGrpc(\n    Request failed for server-DefaultSequencer-0.\n  GrpcRequestRefusedByServer: FAILED_PRECONDITION/${cause}\n  Request: send-async-versioned/${crypto.randomUUID()}\n  DecodedCantonError(\n  code = '${id}',\n  category = InvalidGivenCurrentSystemStateOther,\n  cause = "${cause}",\n  traceId = '${trace}',\n  context = Seq(\n    ${context.join(',\n    ')}\n  )\n)\n  )\n)`;
}
