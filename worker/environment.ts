const VARIABLE = /\$\{([^}]*)\}/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Returns `value` with every `${NAME}` in its texts replaced from the environment, and one problem per variable
 * that is not there. Values only, after parsing: what a variable holds cannot change the structure of the file.
 */
export function substituteEnvironment(
  value: unknown,
  environment: NodeJS.ProcessEnv,
): { value: unknown; problems: string[] } {
  const problems: string[] = [];

  const substitute = (inner: unknown, field: string): unknown => {
    if (typeof inner === 'string') return substituteText(inner, field);
    if (Array.isArray(inner)) return inner.map((item, index) => substitute(item, `${field}.${index}`));
    if (inner === null || typeof inner !== 'object') return inner;
    return Object.fromEntries(
      Object.entries(inner).map(([name, item]) => [
        name,
        substitute(item, field ? `${field}.${name}` : name),
      ]),
    );
  };

  const substituteText = (text: string, field: string): string =>
    text.replace(VARIABLE, (found, name: string) => {
      if (!NAME.test(name)) {
        problems.push(`${field}: found ${found}, expected the name of an environment variable`);
        return found;
      }
      const replacement = environment[name];
      if (replacement) return replacement;
      const state = replacement === undefined ? 'not set' : 'empty';
      problems.push(`${field}: the environment variable ${name} is ${state}, expected a value for it`);
      return found;
    });

  return { value: substitute(value, ''), problems };
}
