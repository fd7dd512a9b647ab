import type { Config } from './connections.js';

/** Returns the configuration a scenario registers a synchronizer with: the recorded defaults. Source: admin-api 1.13. */
export function defaultConfig(alias: string, url: string): Config {
  const ms = (count: number) => ({
    seconds: String(Math.floor(count / 1000)),
    nanos: (count % 1000) * 1_000_000,
  });
  return {
    synchronizer_alias: alias,
    sequencer_connections: {
      sequencer_connections: [{ grpc: { connections: [url] } }],
      sequencer_trust_threshold: 1,
      submission_request_amplification: { factor: 1, patience: {} },
      sequencer_connection_pool_delays: {
        min_restart_delay: ms(10),
        max_restart_delay: ms(10_000),
        subscription_request_delay: ms(1000),
        warn_validation_delay: ms(20_000),
      },
    },
    time_tracker: {
      observation_latency: ms(250),
      patience_duration: ms(500),
      min_observation_duration: ms(86_400_000),
      time_proof_request: {
        initial_retry_delay: ms(200),
        max_retry_delay: ms(5000),
        max_sequencing_delay: ms(10_000),
      },
    },
  };
}
