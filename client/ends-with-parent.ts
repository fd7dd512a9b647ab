/**
 * Loaded ahead of a program that `run-program.ts` starts: ends it as a signal would, if the process that started it is
 * gone. Without this a CLI that is killed leaves its worker running, with nobody who could stop it.
 */

/** Longer than a worker may take to stop. */
const STOP_LIMIT_MS = 35_000;

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), STOP_LIMIT_MS).unref();
});
// Whoever listens holds the channel open, and by it the process: it has to end by itself all the same.
process.channel?.unref();

export {};
