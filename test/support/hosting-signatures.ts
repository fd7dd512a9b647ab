import assert from 'node:assert/strict';

import type { HandedIn, HostingRequest } from '../../model/ceremony.js';
import type { PartyMapping } from '../../model/participant.js';
import { namespaceOf, type PlannedParty } from '../../model/plan.js';
import type { Sandbox } from '../../sandbox/index.js';

/** What whoever has the key hands in. */
export function handedIn(sandbox: Pick<Sandbox, 'sign'>, { hash, key }: HostingRequest): HandedIn {
  const signature = sandbox.sign(key.fingerprint, Buffer.from(hash, 'hex'));
  return { hash, signature: Buffer.from(signature).toString('base64') };
}

/** An external party as a plan has it. */
export function plannedExternal(mapping: PartyMapping): PlannedParty {
  const { serial, ...hosting } = mapping;
  const { party, hosts } = hosting;
  assert.ok(serial > 0);
  return {
    ...{ party, class: 'external', treatment: 'move', reason: '', contractCount: 0, hosting },
    permission: hosts[0]!.permission,
    signers: { namespaces: [namespaceOf(party)], needed: 1 },
  };
}
