import type { Clock } from './node.js';
import { unary, type Services } from './grpc.js';
import type { Decoded } from './wire.js';

type InitId = Decoded<'com.digitalasset.canton.topology.admin.v30.InitIdRequest'>;

/** What the identity of a participant is asked for and given by. */
export interface IdentityPort {
  /** Absent before it has one. */
  uid(): string | undefined;
  initialize(request: InitId): void;
}

/** Simulates what tells who a participant is and what its clock says. Source: admin-api 1.9 and 4.1; networks I. */
export function identityServices(port: IdentityPort, clock: Clock): Services {
  return {
    'com.digitalasset.canton.topology.admin.v30.IdentityInitializationService': {
      InitId: unary((request) => {
        port.initialize(request);
        return {};
      }),
      GetId: unary(() => {
        const uid = port.uid();
        return uid === undefined ? {} : { initialized: true, unique_identifier: uid };
      }),
      CurrentTime: unary(() => ({ current_time: String(clock.nowMicros()) })),
    },
  };
}

/** Simulates the service that tells which of the two ports one has reached. */
export function apiInfoService(api: 'admin-api' | 'ledger-api'): Services {
  return {
    'com.digitalasset.canton.connection.v30.ApiInfoService': {
      GetApiInfo: unary(() => ({ name: api })),
    },
  };
}
