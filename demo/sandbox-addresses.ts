import type { MigrationRequest } from '../model/request.js';

/** Where the participants of a sandbox answer, and the request that migrates its source. */
export interface SandboxAddresses {
  /** As in a worker's configuration. */
  participants: Record<string, { admin: { address: string }; ledger: { address: string } }>;
  request: MigrationRequest;
  /** In one line, for people. */
  summary: string;
}
