import type { ConfigurationFile } from './configuration-schema.js';

/** Says which of the migrations that a file lists are not of two of its participants. */
export function pairProblems({ participants, migrations = [] }: ConfigurationFile): string[] {
  const names = Object.keys(participants);
  return migrations.flatMap(({ source, target }, at) => {
    const unknown = (
      [
        ['source', source],
        ['target', target],
      ] as const
    )
      .filter(([, name]) => !names.includes(name))
      .map(
        ([field, name]) =>
          `migrations[${at}].${field}: found ${name}, expected one of participants: ${names.join(', ')}`,
      );
    if (source !== target) return unknown;
    return [...unknown, `migrations[${at}]: found ${source} twice, expected two participants`];
  });
}
