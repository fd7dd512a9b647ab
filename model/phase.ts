/** The phases of a migration, in order. Each name is the workflow step, the file, the page and the status value. */
export const PHASES = [
  'delegate-namespace',
  'recreate-parties',
  'migrate-dars',
  'migrate-local-state',
  'transfer-active-contracts',
  'cut-over',
  'verify',
] as const;

export type Phase = (typeof PHASES)[number];

/** Reads only, before the first phase. */
export const PREPARATION = 'plan';

/** After the last phase: the source is monitored until an operator closes the migration. */
export const WATCH = 'watch';

/** After the steps of an abort: both nodes are read. */
export const WITHDRAWAL = 'withdrawal';

export type Stage = typeof PREPARATION | Phase | typeof WATCH | typeof WITHDRAWAL;

/**
 * What an operator approves, in order, and the stage each gate stands before. `warm-copy` only with a warm copy;
 * `target-backup` and `switch` on the live route, in place of `interrupt-service` and `cut-over`.
 */
export const GATES = {
  'root-key': {
    before: 'delegate-namespace',
    statement:
      'the root namespace key of the source is kept offline and safe: every later protocol upgrade needs it, ' +
      'and a delegation cannot be removed and created again',
  },
  'warm-copy': {
    before: 'transfer-active-contracts',
    statement:
      'a database backup of the target exists, and the target may be disconnected from its synchronizers from now ' +
      'until the cut-over; the source goes on serving meanwhile',
  },
  'interrupt-service': {
    before: 'transfer-active-contracts',
    statement:
      'the applications of the source are stopped, a database backup of the target exists, and the source may ' +
      'be disconnected from its synchronizers now',
  },
  'target-backup': {
    before: 'transfer-active-contracts',
    statement:
      'a database backup of the target was taken now that it is disconnected, or none is wanted: from the approval on ' +
      'the target becomes a host of the parties, and if anybody connects it before it has every contract, only that ' +
      'backup or an empty node brings it back; the source goes on serving in any case',
  },
  switch: {
    before: 'cut-over',
    statement:
      "the clients move to the target now, or the worker's hook moves them; once the source is quiet it is removed " +
      'as host: this is the point of no return, an abort is refused afterwards',
  },
  'cut-over': {
    before: 'cut-over',
    statement:
      'the target takes over; this cannot be undone: it is the point of no return, and an abort is refused afterwards',
  },
} as const satisfies Record<string, { before: Phase; statement: string }>;

export type Gate = keyof typeof GATES;
