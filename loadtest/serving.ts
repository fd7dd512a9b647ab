import type { LoadNode } from './node.js';

/** A change of the node that clients send new commands to. */
export interface Move {
  to: string;
  why: string;
  /** UTC, milliseconds since 1970. */
  at: number;
}

/** More are not worth a line each. */
const MOVES_LIMIT = 50;

/** Which node takes new commands: the source first, the target once clients are told or find out. */
export class Serving {
  readonly moves: Move[] = [];
  private now: LoadNode;
  private underWay = 0;
  private switching: Promise<void> | undefined;
  private whenIdle: (() => void) | undefined;

  constructor(
    readonly source: LoadNode,
    readonly target: LoadNode | undefined,
  ) {
    this.now = source;
  }

  get current(): LoadNode {
    return this.now;
  }

  /** The other node, if there is one. */
  other(node: LoadNode): LoadNode | undefined {
    return node === this.source ? this.target : this.source;
  }

  /** Runs one command of a client with the node that serves; waits while clients are being moved. */
  async run(command: (node: LoadNode) => Promise<void>): Promise<void> {
    while (this.switching) await this.switching;
    this.underWay += 1;
    try {
      await command(this.now);
    } finally {
      this.underWay -= 1;
      if (this.underWay === 0) this.whenIdle?.();
    }
  }

  /** Moves all clients to the target, after every command under way has ended. Repeating it changes nothing. */
  async switchToTarget(): Promise<void> {
    const { target } = this;
    if (!target) throw new Error('no target was named');
    if (this.now === target) return;
    this.switching ??= this.idle().then(() => {
      this.follow(target, 'told to');
      this.switching = undefined;
    });
    await this.switching;
  }

  /** A client found out that the other node serves: the next commands of all go there. */
  follow(node: LoadNode, why: string): void {
    if (this.now === node) return;
    this.now = node;
    if (this.moves.length < MOVES_LIMIT) this.moves.push({ to: node.name, why, at: Date.now() });
  }

  private async idle(): Promise<void> {
    while (this.underWay > 0) {
      await new Promise<void>((resolve) => (this.whenIdle = resolve));
      this.whenIdle = undefined;
    }
  }
}
