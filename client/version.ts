import { readFileSync } from 'node:fs';

/** Version of this package. */
export function version(): string {
  // The code runs as source, or compiled into dist/.
  const up = import.meta.url.endsWith('.ts') ? '..' : '../..';
  const file = new URL(`${up}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
