import { connectivityState, type Client } from '@grpc/grpc-js';

/**
 * Tells one connection of a gRPC client from the next.
 *
 * A client reconnects by itself, and then something else may answer: another process, or another node that got the
 * address. What was learned over a connection holds for as long as that connection stands.
 */
export class ConnectionWatch {
  private standing: symbol | undefined;

  constructor(private readonly client: Client) {}

  /** The connection that stands now, another symbol for each; nothing while there is none. */
  get current(): symbol | undefined {
    const channel = this.client.getChannel();
    if (channel.getConnectivityState(false) !== connectivityState.READY) return undefined;
    if (this.standing === undefined) {
      this.standing = Symbol('connection');
      // Called at the first change, before any call can go out over another connection.
      channel.watchConnectivityState(connectivityState.READY, Infinity, () => {
        this.standing = undefined;
      });
    }
    return this.standing;
  }
}
