import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Copies of what a participant has on disk, beside its folder. What its KMS holds is not part of them. */
export class Backups {
  constructor(
    private readonly folder: string,
    private readonly name: string,
  ) {}

  /** Copies the participant's folder as it is at this moment; returns the name of the copy. */
  take(): string {
    const backup = `${this.name}-${this.list().length + 1}`;
    mkdirSync(this.root, { recursive: true });
    cpSync(join(this.folder, this.name), join(this.root, backup), { recursive: true });
    return backup;
  }

  /** Returns where a copy lies; fails if there is none of this name. */
  find(backup: string): string {
    if (!this.list().includes(backup)) throw new Error(`no backup '${backup}' of ${this.name}`);
    return join(this.root, backup);
  }

  /** Puts what lies there in the place of the participant's folder; the participant must be down. */
  putBack(from: string): void {
    const own = join(this.folder, this.name);
    rmSync(own, { recursive: true, force: true });
    cpSync(from, own, { recursive: true });
  }

  private list(): string[] {
    if (!existsSync(this.root)) return [];
    return readdirSync(this.root).filter((name) => name.startsWith(`${this.name}-`));
  }

  private get root(): string {
    return join(this.folder, 'backups');
  }
}
