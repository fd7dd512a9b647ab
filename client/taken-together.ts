import {
  handedInProblem,
  NOT_SIGNED,
  type HandedIn,
  type RefusedSignature,
  type SignatureRequest,
  type SignaturesTaken,
  type SignaturesToProvide,
} from '../model/ceremony.js';
import { MigrationError } from './errors.js';

/** How signatures are handed in. */
interface Ways {
  one: (request: SignatureRequest, signature: string) => Promise<void>;
  /** The line of a refused one is its place in this list, from 1. */
  many: (signatures: readonly HandedIn[]) => Promise<SignaturesTaken>;
}

/** Hands in those of the root keys one by one, and all others at once; tells what became of each by its place. */
export async function takenTogether(
  { requests, hostings }: SignaturesToProvide,
  signatures: readonly HandedIn[],
  { one, many }: Ways,
): Promise<SignaturesTaken> {
  const byHash = new Map(requests.map((its) => [its.hash, its]));
  const given = new Set(requests.filter(({ provided }) => provided).map(({ hash }) => hash));
  const result: SignaturesTaken = { accepted: 0, alreadyGiven: 0, refusedCount: 0, refused: [] };
  const refuse = (its: RefusedSignature) => {
    result.refusedCount += 1;
    result.refused.push(its);
  };
  const others: { item: HandedIn; line: number }[] = [];
  for (const [at, item] of signatures.entries()) {
    const line = at + 1;
    const request = byHash.get(item.hash);
    if (!request) {
      const why = handedInProblem(item);
      if (why === undefined) others.push({ item, line });
      else refuse({ line, hash: '', type: 'InputInvalid', why });
      continue;
    }
    const problem = problemOf(request, item) ?? (await failureOf(() => one(request, item.signature)));
    if (problem) refuse({ line, hash: request.hash, ...problem });
    else if (given.has(request.hash)) result.alreadyGiven += 1;
    else {
      given.add(request.hash);
      result.accepted += 1;
    }
  }
  if (others.length === 0) return result;
  if (!hostings) {
    const why = 'hash: found one that nothing asks for: export what has to be signed again';
    for (const { item, line } of others)
      refuse({ line, hash: String(item.hash ?? ''), type: 'HashUnknown', why });
    return result;
  }
  const taken = await many(others.map(({ item }) => item));
  const refused = taken.refused.map((its) => ({ ...its, line: others[its.line - 1]!.line }));
  return {
    accepted: result.accepted + taken.accepted,
    alreadyGiven: result.alreadyGiven + taken.alreadyGiven,
    refusedCount: result.refusedCount + taken.refusedCount,
    refused: [...result.refused, ...refused].sort((a, b) => a.line - b.line),
  };
}

type Problem = Pick<RefusedSignature, 'type' | 'why'>;

function problemOf(
  { key, algorithm: wanted }: SignatureRequest,
  { signature, signedBy, algorithm }: HandedIn,
): Problem | undefined {
  if (typeof signature !== 'string')
    return {
      type: 'InputInvalid',
      why: signature === undefined ? NOT_SIGNED : 'signature: expected text',
    };
  if (signedBy !== undefined && signedBy !== key.fingerprint)
    return {
      type: 'KeyMismatch',
      why: `signedBy: found ${signedBy}, expected ${key.fingerprint}, the root key`,
    };
  if (algorithm !== undefined && algorithm !== wanted)
    return {
      type: 'AlgorithmMismatch',
      why: `algorithm: found ${algorithm}, expected ${wanted}`,
    };
  return undefined;
}

/** What the migration says no to; anything else is thrown. */
async function failureOf(act: () => Promise<void>): Promise<Problem | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    if (!(error instanceof MigrationError) || !SIGNATURE_PROBLEMS.includes(error.type)) throw error;
    return { type: error.type, why: error.message };
  }
}

const SIGNATURE_PROBLEMS = [
  'AlreadySigned',
  'InputInvalid',
  'NothingToSign',
  'SignatureLength',
  'SignatureWrong',
];
