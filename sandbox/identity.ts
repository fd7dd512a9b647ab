import type { Clock } from './node.js';
import { unary, type Services } from './grpc.js';

/** Simulates what tells who a participant is and what its clock says. Source: admin-api 1.9 and 4.1. */
export function identityServices(uid: string, clock: Clock): Services {
  return {
    'com.digitalasset.canton.topology.admin.v30.IdentityInitializationService': {
      GetId: unary(() => ({ initialized: true, unique_identifier: uid })),
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
