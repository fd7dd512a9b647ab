/** What a load test is asked for, by the options of `canton-migrate loadtest`. */
export interface LoadTestOptions {
  /** The worker's configuration. */
  config: string;
  /** Names of participants in it. */
  source: string;
  target?: string;
  /** How many of the first parties that would move, unless `party` names them. */
  parties: number;
  party?: string[];
  clients: number;
  /** Commands per second, of all clients together. */
  rate: number;
  seed?: number;
  /** Until it is interrupted if left out. */
  seconds?: number;
  hookPort?: number;
  json?: boolean;
}
