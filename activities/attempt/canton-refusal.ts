import { CantonError } from '../../canton/errors.js';

/** Whether Canton refused a call with this error id, for example because the thing is there already. */
export function isCantonRefusal(error: unknown, errorId: string): boolean {
  return error instanceof CantonError && error.errorId === errorId;
}
