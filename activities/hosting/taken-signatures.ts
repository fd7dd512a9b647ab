import { cancellationSignal } from '@temporalio/activity';

import {
  countHostings,
  signatureKey,
  type HandedIn,
  type HostingCounts,
  type HostingRequest,
  type HostingSignature,
  type SignaturesTaken,
} from '../../model/ceremony.js';
import type { Listed } from '../../model/listed.js';
import { bounded, NAME_LIMIT } from '../../model/shown-text.js';
import type { ListStore } from '../../storage/list-store.js';
import { progress } from '../attempt/progress.js';
import { forEachOf } from '../attempt/waiting.js';
import { signatureProblem, type Refusal } from './signature-check.js';

/** Checks under way at once: Node has four threads for them. */
const CHECKS_AT_ONCE = 16;
/** Of what was refused, in an answer. */
const REFUSED_SHOWN = 100;

export interface TakeSignaturesInput {
  requests: HostingRequest[];
  /** Those that were given before. */
  signatures: HostingSignature[];
  /** Whatever somebody handed in. */
  handedIn: readonly unknown[];
  by: string;
  /** RFC 3339. */
  providedAt: string;
}

export function takenSignatureActivities(lists: ListStore) {
  return {
    /**
     * Checks signatures of hostings, each by itself, and returns those that are right with the ones of before. The same
     * again changes nothing; another one of something that is signed already is refused. Changes no node.
     */
    async takeSignatures({
      requests,
      signatures,
      handedIn,
      by,
      providedAt,
    }: TakeSignaturesInput): Promise<
      SignaturesTaken & { signatures: Listed<HostingSignature>; counts: HostingCounts }
    > {
      const taken = new Taken(requests, signatures);
      let checked = 0;
      const lines = handedIn.map((item, index) => ({ item, line: index + 1 }));
      progress(() => ({ checked, of: lines.length }));
      const signal = cancellationSignal();
      await forEachOf(lines, CHECKS_AT_ONCE, async ({ item, line }) => {
        signal.throwIfAborted();
        await taken.take(item, line, { by, providedAt });
        checked += 1;
      });
      const { accepted, alreadyGiven } = taken;
      const refused = taken.refused.sort((a, b) => a.line - b.line);
      const all = taken.all();
      return {
        accepted,
        alreadyGiven,
        refusedCount: refused.length,
        refused: refused.slice(0, REFUSED_SHOWN),
        signatures: await lists.keep(all),
        counts: countHostings(requests, all),
      };
    },
  };
}

/** Signatures by what they are of, as they are taken. */
class Taken {
  accepted = 0;
  alreadyGiven = 0;
  readonly refused: SignaturesTaken['refused'] = [];
  /** By hash; the owners of a namespace are asked for the same one. */
  private readonly requests = new Map<string, HostingRequest[]>();
  private readonly given: Map<string, HostingSignature>;

  constructor(requests: HostingRequest[], signatures: HostingSignature[]) {
    for (const its of requests) {
      const known = this.requests.get(its.hash);
      if (known) known.push(its);
      else this.requests.set(its.hash, [its]);
    }
    this.given = new Map(signatures.map((its) => [signatureKey(its), its]));
  }

  async take(
    item: unknown,
    line: number,
    provided: Pick<HostingSignature, 'by' | 'providedAt'>,
  ): Promise<void> {
    const found = handedInOf(item);
    if ('why' in found) return this.refuse(line, '', found);
    const { hash } = found;
    const signature = found.signature.trim();
    const asked = this.requests.get(hash);
    if (!asked) return this.refuse(line, hash, UNKNOWN);
    if (this.isGiven(asked, signature)) return;
    const ofKey = asked.filter(({ key }) => key.fingerprint === found.signedBy);
    let problem: Refusal | undefined;
    for (const request of ofKey.length > 0 ? ofKey : asked) {
      const its = await signatureProblem(request, { ...found, signature });
      if (!its) return this.add(request, line, { hash, signature, ...provided });
      problem ??= its;
    }
    this.refuse(line, hash, problem!);
  }

  /** Another line of the same list may have been taken meanwhile. */
  private add(request: HostingRequest, line: number, its: Omit<HostingSignature, 'signedBy'>): void {
    if (this.isGiven([request], its.signature)) return;
    const signed = { ...its, signedBy: request.key.fingerprint };
    const known = this.given.get(signatureKey(signed));
    if (known) return this.refuse(line, its.hash, alreadySigned(known));
    this.given.set(signatureKey(signed), signed);
    this.accepted += 1;
  }

  /** In the order of the requests, so that the same signatures are the same list. */
  all(): HostingSignature[] {
    return [...this.requests.values()].flat().flatMap((its) => this.givenFor(its) ?? []);
  }

  private isGiven(asked: HostingRequest[], signature: string): boolean {
    if (!asked.some((its) => this.givenFor(its)?.signature === signature)) return false;
    this.alreadyGiven += 1;
    return true;
  }

  private givenFor({ hash, key }: HostingRequest): HostingSignature | undefined {
    return this.given.get(signatureKey({ hash, signedBy: key.fingerprint }));
  }

  private refuse(line: number, hash: string, { type, why }: Refusal): void {
    this.refused.push({ line, hash: bounded(hash, NAME_LIMIT), type, why });
  }
}

const UNKNOWN: Refusal = {
  type: 'HashUnknown',
  why: 'hash: found one that nothing asks for, expected that of a request: export what has to be signed again',
};

function alreadySigned({ by, providedAt }: HostingSignature): Refusal {
  return {
    type: 'AlreadySigned',
    why: `${by} handed in another signature of it at ${providedAt}`,
  };
}

function handedInOf(item: unknown): HandedIn | Refusal {
  const fields = typeof item === 'object' && item !== null ? (item as Record<string, unknown>) : {};
  for (const name of ['hash', 'signature'] as const) {
    if (typeof fields[name] !== 'string')
      return { type: 'InputInvalid', why: `${name}: found none, expected text` };
  }
  return fields as unknown as HandedIn;
}
