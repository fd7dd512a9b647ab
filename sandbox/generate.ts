/**
 * Writes `gen/`: what `@grpc/proto-loader` delivers for each message of `canton/proto`, made by its own generator, and an
 * index of messages and services by full name. Another folder may be given.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import protobuf from 'protobufjs';
import { definitions, protoFiles, protoFolder } from './wire.js';

/** As `DECODING` says, and with the names of fields as they are in the .proto files. */
const OPTIONS = [
  ...['--keepCase', '--longs=String', '--enums=String', '--bytes=Buffer', '--oneofs', '--arrays'],
  '--importFileExtension=.js',
];

generate(process.argv[2] ?? join(import.meta.dirname, 'gen'));

function generate(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const loader = dirname(createRequire(import.meta.url).resolve('@grpc/proto-loader/package.json'));
  const generator = join(loader, 'build', 'bin', 'proto-loader-gen-types.js');
  const options = [...OPTIONS, '-I', '.', '-O', resolve(folder)];
  // From where the files are: their paths get into what is made of them.
  execFileSync(process.execPath, [generator, ...options, ...protoFiles()], { cwd: protoFolder() });
  // One per .proto file, for clients that load it by itself.
  for (const one of readdirSync(folder)) if (one.endsWith('.ts')) rmSync(join(folder, one));
  writeFileSync(join(folder, 'index.ts'), index());
}

function index(): string {
  const messages: protobuf.Type[] = [];
  const services: protobuf.Service[] = [];
  visit(definitions(), (one) => {
    if (one instanceof protobuf.Type) messages.push(one);
    if (one instanceof protobuf.Service) services.push(one);
  });
  return [
    '// Made by sandbox/generate.ts',
    '',
    '/** Of each message what `encode` takes and what `decode` returns. */',
    'export interface Messages {',
    ...messages.map((one) => `  '${nameOf(one)}': [${typeOf(one)}, ${typeOf(one, '__Output')}];`),
    '}',
    '',
    '/** Of each method how it is called, what its handler is given and what it returns. */',
    'export interface Methods {',
    ...services.flatMap((one) => [
      `  '${nameOf(one)}': {`,
      ...one.methodsArray.map((method) => `    ${method.name}: ${signature(method)};`),
      '  };',
    ]),
    '}',
    '',
  ].join('\n');
}

function visit(one: protobuf.ReflectionObject, see: (one: protobuf.ReflectionObject) => void): void {
  see(one);
  if (one instanceof protobuf.Namespace) for (const nested of one.nestedArray) visit(nested, see);
}

function signature(method: protobuf.Method): string {
  const { resolvedRequestType: request, resolvedResponseType: response } = method;
  if (!request || !response) throw new Error(`${method.fullName}: request or response not resolved`);
  const kind = method.requestStream
    ? 'client-stream'
    : method.responseStream
      ? 'server-stream'
      : 'unary';
  return `['${kind}', ${typeOf(request, '__Output')}, ${typeOf(response)}]`;
}

function nameOf(one: protobuf.ReflectionObject): string {
  return one.fullName.slice(1);
}

/** The type that the generator makes of a message: in the file of the outermost message that declares it. */
function typeOf(type: protobuf.Type, suffix = ''): string {
  let outermost: protobuf.Type = type;
  while (outermost.parent instanceof protobuf.Type) outermost = outermost.parent;
  const name = outermost === type ? type.name : `_${nameOf(type).replaceAll('.', '_')}`;
  return `import('./${nameOf(outermost).replaceAll('.', '/')}.js').${name}${suffix}`;
}
