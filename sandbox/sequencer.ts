import { CallLog } from './calls.js';
import { Faults } from './faults.js';
import { GrpcServer, unary, type Services } from './grpc.js';
import type { AllowedKeysScenario } from './scenario.js';

const CONNECT = 'com.digitalasset.canton.sequencer.api.v30.SequencerConnectService';

/**
 * The public API of a synchronizer's sequencer, open to everybody: what its static parameters allow. Its Admin API is
 * on the same port.
 *
 * Calls and faults are its own; those of the sandbox are about participants.
 */
export class Sequencer {
  private readonly server: GrpcServer;
  private port = 0;

  constructor(synchronizer: string, { signing, encryption }: AllowedKeysScenario, admin: Services) {
    const faults = new Faults(() => undefined);
    const context = { participant: synchronizer, api: 'admin' as const, calls: new CallLog(), faults };
    const parameters_v1 = {
      required_signing_specs: { keys: signing.map((spec) => `SIGNING_KEY_SPEC_${spec}` as const) },
      required_encryption_specs: {
        keys: encryption.map((spec) => `ENCRYPTION_KEY_SPEC_${spec}` as const),
      },
    };
    this.server = new GrpcServer(context);
    this.server.register({
      ...admin,
      [CONNECT]: { GetSynchronizerParameters: unary(() => ({ parameters_v1 })) },
    });
  }

  /** Returns where it answers, once it is open. */
  get url(): string {
    return `http://${this.address}`;
  }

  /** `host:port`. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Opens the port, 0 for any free one; returns the port. */
  async open(port: number): Promise<number> {
    this.port = await this.server.listen(port);
    return this.port;
  }

  /** Goes away, with every connection, or comes back; keeps its port. */
  setUp(isUp: boolean): void {
    this.server.setAccepting(isUp);
  }

  close(): Promise<void> {
    return this.server.cut();
  }
}
