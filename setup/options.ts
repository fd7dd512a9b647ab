/** What `canton-migrate doctor` hands on. */
export interface DoctorOptions {
  /** File of the worker's configuration. */
  config: string;
  /** File of a request, whose migration is planned. */
  request?: string;
  json?: boolean;
}
