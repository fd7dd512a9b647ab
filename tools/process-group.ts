/** Signals a whole process group; a group that is gone is left alone. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  send(leader, signal);
}

/** Whether any process of the group is left. */
export function isGroupAlive(leader: number): boolean {
  return send(leader, 0);
}

function send(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    // Windows has no process groups: there the leader alone is meant.
    return process.kill(process.platform === 'win32' ? leader : -leader, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
