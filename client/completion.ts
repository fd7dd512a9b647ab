import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** A script that has a shell complete every verb, option and fixed argument of a program. */
export function completionScript(program: Command, shell: Shell): string {
  if (shell === 'fish') return fish(program);
  const bash = bashScript(program);
  return shell === 'bash' ? bash : `autoload -U +X bashcompinit && bashcompinit\n${bash}`;
}

/** What may follow a command, itself and what it is called on the command line left out. */
function wordsOf(command: Command): string[] {
  const options = command.options.filter(({ hidden }) => !hidden).map(({ long }) => long ?? '');
  const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
  return [...command.commands.map((its) => its.name()), ...choices, ...options, '--help'];
}

function bashScript(program: Command): string {
  const name = program.name();
  const at = `_${name.replaceAll('-', '_')}`;
  const row = (pattern: string, command: Command) =>
    `    ${pattern}) words='${wordsOf(command).join(' ')}' ;;`;
  const rows = program.commands.flatMap((command) => [
    ...command.commands.map((its) => row(`'${command.name()} ${its.name()}'`, its)),
    row(`'${command.name()} '*`, command),
  ]);
  return [
    `${at}() {`,
    '  local words cur="${COMP_WORDS[COMP_CWORD]}"',
    '  local verb="" second=""',
    '  (( COMP_CWORD > 1 )) && verb="${COMP_WORDS[1]}"',
    '  (( COMP_CWORD > 2 )) && second="${COMP_WORDS[2]}"',
    '  case "$verb $second" in',
    ...rows,
    row('*', program),
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    '}',
    // Where nothing fits, such as behind an option that names a file, files are offered.
    `complete -o bashdefault -o default -F ${at} ${name}`,
    '',
  ].join('\n');
}

function fish(program: Command): string {
  const start = `complete -c ${program.name()}`;
  const lines = (command: Command, when: string): string[] => [
    ...command.commands.map(
      (its) => `${start} -n '${when}' -f -a ${its.name()} -d '${its.description().replaceAll("'", '')}'`,
    ),
    ...wordsOf(command)
      .filter((word) => !command.commands.some((its) => its.name() === word))
      .map(
        (word) =>
          `${start} -n '${when}' ${word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`}`,
      ),
    ...command.commands.flatMap((its) => lines(its, `__fish_seen_subcommand_from ${its.name()}`)),
  ];
  return [...lines(program, '__fish_use_subcommand'), ''].join('\n');
}
