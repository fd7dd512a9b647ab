import { CantonRefusal } from '../errors.js';

/** Text by key, as `ObjectMeta.annotations` has it. */
export type Annotations = Readonly<Record<string, string>>;

const MAX_BYTES = 256 * 1024;
const NAME = '[a-zA-Z0-9]([a-zA-Z0-9._-]{0,61}[a-zA-Z0-9])?';
const KEY = new RegExp(`^([a-z0-9.-]{1,253}/)?${NAME}$`);

/** How a resource names its refusals. */
export interface AnnotatedResource {
  readonly kind: 'user' | 'party';
  readonly name: string;
}

/** Returns the annotations after an update: an empty value takes its key away. Source: admin-api 1.15. */
export function mergeAnnotations(
  current: Annotations,
  change: Annotations,
  resource: AnnotatedResource,
): Annotations {
  for (const key of Object.keys(change)) if (!KEY.test(key)) throw invalidKey(key);
  const merged = Object.entries({ ...current, ...change }).filter(([, value]) => value !== '');
  const bytes = merged.reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
  if (bytes > MAX_BYTES) throw tooLarge(resource);
  return Object.fromEntries(merged.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function invalidKey(key: string): CantonRefusal {
  return new CantonRefusal({
    id: 'INVALID_ARGUMENT',
    category: 8,
    cause: `The submitted request has invalid arguments: Key segment '${key}' has invalid syntax`,
    definiteAnswer: false,
  });
}

function tooLarge({ kind, name }: AnnotatedResource): CantonRefusal {
  const isUser = kind === 'user';
  return new CantonRefusal({
    id: isUser ? 'MAX_USER_ANNOTATIONS_SIZE_EXCEEDED' : 'MAX_PARTY_DETAILS_ANNOTATIONS_SIZE_EXCEEDED',
    category: 8,
    cause: `Maximum size of annotations for ${kind} '${name}' has been exceeded`,
    resources: [{ type: isUser ? 'USER' : 'PARTY', name }],
    definiteAnswer: false,
  });
}
