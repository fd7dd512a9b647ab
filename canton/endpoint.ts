import { Client, logVerbosity, setLogVerbosity, type ClientOptions } from '@grpc/grpc-js';

import { ConnectionWatch } from './connection.js';
import { credentialOf, type CredentialOptions } from './credentials.js';
import type { CallContext } from './errors.js';
import { MAX_ANSWER_BYTES } from './limits.js';
import type { Credential } from './token.js';
import { channelCredentials, type TlsOptions } from './transport.js';

/** How to reach one API of a participant. A token is sent as `authorization: Bearer`. */
export interface ChannelOptions extends CredentialOptions {
  /** `host:port`. */
  address: string;
  /** Absent: plain text. */
  tls?: TlsOptions;
  /** Largest request, to be raised with the node's `max-inbound-message-size`. Default 10 MiB, as Canton's. */
  sendLimitBytes?: number;
}

// It writes headers that it does not like to standard error, as the peer sent them.
if (process.env['GRPC_VERBOSITY'] === undefined) setLogVerbosity(logVerbosity.NONE);

const MIB = 1024 * 1024;

// Canton's server allows a ping every 20 s and answers more with GOAWAY. Source: admin-api 4.1.
const CLIENT_OPTIONS: ClientOptions = {
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 20_000,
  'grpc.keepalive_permit_without_calls': 0,
  // Of a message that was compressed, too, once it is unpacked. Headers and trailers are limited to 64 KiB by Node.js.
  'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
  'grpc.max_send_message_length': -1,
  // Retries belong to Temporal, and their buffer would hide the back-pressure of a stream.
  'grpc.enable_retries': 0,
  // What a name server says beside the address would decide on timeouts and balancing.
  'grpc.service_config_disable_resolution': 1,
  // A connection that another client opened would stand without having been seen to.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.per_rpc_retry_buffer_size': 0,
  'grpc.initial_reconnect_backoff_ms': 500,
  'grpc.max_reconnect_backoff_ms': 10_000,
};

/** A method as far as it is named. */
export interface MethodName {
  name: string;
  parent: { name: string; typeName: string };
}

/** One API of a participant: the one connection to it, and who the worker is there. Channels of one API share it. */
export class Endpoint {
  readonly client: Client;
  readonly credential: Credential;
  readonly sendLimitBytes: number;
  private readonly watch: ConnectionWatch;

  constructor(
    readonly participant: string,
    readonly options: ChannelOptions,
  ) {
    this.sendLimitBytes = options.sendLimitBytes ?? 10 * MIB;
    this.credential = credentialOf(options);
    this.client = new Client(options.address, channelCredentials(options.tls), {
      ...CLIENT_OPTIONS,
      ...(options.tls?.serverName && {
        'grpc.ssl_target_name_override': options.tls.serverName,
        'grpc.default_authority': options.tls.serverName,
      }),
    });
    this.watch = new ConnectionWatch(this.client);
  }

  /** The connection that stands now, another symbol for each; nothing while there is none. */
  get connection(): symbol | undefined {
    return this.watch.current;
  }

  /** Where a call of this method goes, for its failure. */
  contextOf(method: MethodName, traceId = ''): CallContext {
    return {
      participant: this.participant,
      api: method.parent.typeName.startsWith('com.daml.ledger.api.') ? 'Ledger API' : 'Admin API',
      address: this.options.address,
      credential: this.credential.description,
      method: `${method.parent.name}/${method.name}`,
      traceId,
    };
  }

  close(): void {
    this.client.close();
    this.credential.close();
  }
}
