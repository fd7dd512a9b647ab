import type { MigrationRequest, RouteName } from '../model/request.js';

/** Where the participants of a sandbox answer, and the request that migrates its source. */
export interface SandboxAddresses {
  /** As in a worker's configuration. */
  participants: Record<'source' | 'target', { admin: { address: string }; ledger: { address: string } }>;
  request: MigrationRequest;
  /** `host:port` of the control port: faults and the call log. */
  control: string;
  pid: number;
}

/** Aliases of the built-in scenario. */
const SYNCHRONIZERS = { source: 'acme', target: 'da' };

// Nobody uses the source, so that it need not be watched for the default minute.
const QUIET_SECONDS = 1;

interface Ready {
  source: { admin: string; ledger: string };
  target: { admin: string; ledger: string };
  control: string;
  pid: number;
}

/** Reads the line that a sandbox prints when it is ready. */
export function readSandbox(line: string, route: RouteName = 'new-synchronizer'): SandboxAddresses {
  const { source, target, control, pid } = JSON.parse(line) as Ready;
  const profile = ({ admin, ledger }: Ready['source']) => ({
    admin: { address: admin },
    ledger: { address: ledger },
  });
  return {
    control,
    pid,
    participants: { source: profile(source), target: profile(target) },
    request: {
      source: 'source',
      target: 'target',
      sourceSynchronizer: SYNCHRONIZERS.source,
      ...(route === 'live'
        ? { targetSynchronizer: SYNCHRONIZERS.source, route }
        : { targetSynchronizer: SYNCHRONIZERS.target }),
      options: { quietSeconds: QUIET_SECONDS },
    },
  };
}
