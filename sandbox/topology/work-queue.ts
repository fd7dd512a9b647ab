/** Work that a node does one after the other, however many ask for it at once. */
export class WorkQueue {
  /** On the clock of `performance`. */
  private freeAt = 0;

  /** Takes some more work on and returns how long it is until that is done, in milliseconds. */
  waitMs(micros: number): number {
    const now = performance.now();
    this.freeAt = Math.max(this.freeAt, now) + micros / 1000;
    return this.freeAt - now;
  }
}
