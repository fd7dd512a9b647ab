import { homedir } from 'node:os';
import { join } from 'node:path';

/** Returns where exports are kept if nothing else is configured. */
export function defaultSpool(environment: NodeJS.ProcessEnv): string {
  const state = environment['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state');
  return join(state, 'canton-migrate', 'spool');
}

/** Returns where long lists are kept on a machine whose worker keeps its exports in this folder. */
export function listFolderOf(spoolFolder: string): string {
  return join(spoolFolder, 'lists');
}

/** The same if nothing is configured: where worker and client of one machine find it. */
export function defaultListFolder(environment: NodeJS.ProcessEnv): string {
  return listFolderOf(defaultSpool(environment));
}
