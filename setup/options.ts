/** What `canton-migrate doctor` hands on. */
export interface DoctorOptions {
  /** File of the worker's configuration. */
  config: string;
  /** File of a request, whose migration is planned. */
  request?: string;
  json?: boolean;
}

/** Of one participant, as flags. Tokens are names of environment variables. */
type NodeFlag = '' | 'Admin' | 'Ledger' | 'Tls' | 'Ca' | 'Cert' | 'Key' | 'AdminToken' | 'LedgerToken';

/** What `canton-migrate init` hands on: an answer for each question that was given one on the command line. */
export type InitOptions = Partial<Record<`${'source' | 'target'}${NodeFlag}`, string>> & {
  sourceSynchronizer?: string;
  targetSynchronizer?: string;
  route?: string;
  spool?: string;
  lists?: string;
  temporalAddress?: string;
  temporalNamespace?: string;
  /** Files that are written. */
  config: string;
  request: string;
  yes?: boolean;
  force?: boolean;
};
