import {
  Copy,
  DockerfileParser,
  Entrypoint,
  Env,
  From,
  Healthcheck,
  JSONInstruction,
  type Instruction,
} from 'dockerfile-ast';

/** One thing that a stage does to its files. */
export type BuildStep =
  | { kind: 'copy'; from: string | undefined; sources: string[]; destination: string; workdir: string }
  | { kind: 'run'; command: string; workdir: string; env: Record<string, string> };

/** A stage of a Dockerfile, with what a container of it is started with. */
export interface Stage {
  name: string;
  base: string;
  steps: BuildStep[];
  env: Record<string, string>;
  workdir: string;
  user: string | undefined;
  volumes: string[];
  entrypoint: string[];
  cmd: string[];
  healthCheck: string[];
}

/** Returns the stages of a Dockerfile in their order. Instructions that it does not know are errors. */
export function stagesOf(text: string, path: string): Stage[] {
  const stages: Stage[] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction instanceof From) stages.push(newStage(instruction, path));
    else add(stages.at(-1)!, instruction);
  }
  return stages;
}

function newStage(from: From, path: string): Stage {
  const base = from.getImage() ?? '';
  return {
    ...{ name: from.getBuildStage() ?? base, base, steps: [], env: { PATH: path }, workdir: '/' },
    ...{ user: undefined, volumes: [], entrypoint: [], cmd: [], healthCheck: [] },
  };
}

function add(stage: Stage, instruction: Instruction): void {
  const words = instruction.getArguments().map((argument) => argument.getValue());
  const { workdir, env } = stage;
  const keyword = instruction.getKeyword();
  if (instruction instanceof Copy) {
    const flag = instruction.getFlags().find((its) => its.getName() === 'from');
    const [sources, destination] = [words.slice(0, -1), words.at(-1)!];
    stage.steps.push({
      kind: 'copy',
      from: flag?.getValue() ?? undefined,
      sources,
      destination,
      workdir,
    });
  } else if (instruction instanceof Env) {
    for (const property of instruction.getProperties()) {
      stage.env = { ...stage.env, [property.getName()]: expanded(property.getValue() ?? '', stage.env) };
    }
  } else if (instruction instanceof Healthcheck) {
    stage.healthCheck = JSON.parse(
      instruction.getRawArgumentsContent()!.replace(/^[^[]*/, ''),
    ) as string[];
  } else if (instruction instanceof JSONInstruction && (keyword === 'ENTRYPOINT' || keyword === 'CMD')) {
    const list = instruction.getJSONStrings().map((its) => its.getJSONValue());
    stage[instruction instanceof Entrypoint ? 'entrypoint' : 'cmd'] = list;
  } else if (keyword === 'RUN') {
    stage.steps.push({ kind: 'run', command: words.join(' '), workdir, env });
  } else if (keyword === 'WORKDIR') stage.workdir = words[0]!;
  else if (keyword === 'USER') stage.user = words[0]!;
  else if (keyword === 'VOLUME') stage.volumes.push(...words);
  else if (keyword !== 'EXPOSE') throw new Error(`a replay knows no ${keyword}`);
}

function expanded(value: string, env: Record<string, string>): string {
  return value.replace(/\$\{?(\w+)\}?/g, (_all, name: string) => env[name] ?? '');
}
