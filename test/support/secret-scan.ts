import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';

import { SECRET_NOTE } from '../../sandbox/ledger/seed.js';
import { textOf } from './text.js';

/** What must be nowhere but in memory and on the wire, and how it looks. */
const SECRETS: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  'an argument of a contract': encodingsOf(SECRET_NOTE),
  'a private key': [
    'PRIVATE KEY',
    // PKCS#8 of Ed25519, of ECDSA on P-256 and on P-384, in DER as base64.
    'MC4CAQAwBQYDK2VwBCIEI',
    'MIGHAgEAMBMGByqGSM49',
    'MIG2AgEAMBAGByqGSM49AgEGBSuBBAAi',
  ],
  'a token': [/eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/, /Bearer [\w.-]{8,}/i],
};

/** The text itself, in hex, and in base64 at each of its three alignments. */
function encodingsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const inBase64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // Without the characters that also hold bits of what stands before and after.
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor(((before + bytes.length) * 8) / 6);
    return encoded.slice(first, last);
  });
  return [text, bytes.toString('hex'), ...inBase64];
}

/** Fails if the text holds a private key, a token or an argument of a contract. */
export function assertNoSecret(where: string, text: string): void {
  for (const [what, looks] of Object.entries(SECRETS)) {
    const found = looks.find((look) =>
      typeof look === 'string' ? text.includes(look) : look.test(text),
    );
    if (found !== undefined) throw new Error(`${where} holds ${what}: ${String(found)}`);
  }
}

/** Looks through every history of a Temporal server. Returns how many there were. */
export async function scanHistories(address: string): Promise<number> {
  let count = 0;
  for await (const { workflowId, text } of storedTexts(address)) {
    assertNoSecret(`the history of ${workflowId}`, text);
    count += 1;
  }
  return count;
}

/** What a Temporal server has of each workflow, as it has it: payloads are not decoded. */
export async function* storedTexts(
  address: string,
): AsyncGenerator<{ workflowId: string; text: string }> {
  const connection = await Connection.connect({ address });
  try {
    const { workflow } = new Client({ connection });
    const { executions } = await connection.workflowService.listWorkflowExecutions({
      namespace: 'default',
      pageSize: 1000,
    });
    for (const listed of executions) {
      const { workflowId, runId } = listed.execution ?? {};
      const history = await workflow.getHandle(workflowId ?? '', runId ?? '').fetchHistory();
      yield { workflowId: workflowId ?? '', text: `${textOf(history)}\n${textOf(listed)}` };
    }
  } finally {
    await connection.close();
  }
}

/** Looks through every file below a folder; where there is none any more, nothing can be in it. */
export function scanFolder(folder: string): void {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    assertNoSecret(file, readFileSync(file, 'latin1'));
  }
}
