import { readFileSync, writeFileSync } from 'node:fs';

import { Command, Option } from 'commander';

import { REPORT_FORMATS, type ReportFormat } from '../../model/kept-report.js';
import { migrationId } from '../../model/plan.js';
import { plain } from '../../model/shown-text.js';
import { readPublicKey } from '../../report/public-keys.js';
import { ReportNotVerified, verifyReport, type VerifiedReport } from '../../report/verify.js';
import { addCommonOptions, NAMED, quoted, withClient, type CommonOptions } from '../command-options.js';
import { MigrationError } from '../errors.js';
import type { WrittenReport } from '../answers.js';
import type { MigrationClient } from '../index.js';
import { Terminal } from '../terminal.js';

interface ReportOptions extends CommonOptions {
  format: ReportFormat;
  planHash?: string;
  out?: string;
}

interface VerifyOptions {
  key: string;
  approvers?: string[];
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ canton-migrate report
  $ canton-migrate report 'old::1220...' --format html --out report.html
  $ canton-migrate report 'old::1220...' --format json --out report.json
  $ canton-migrate report verify report.html --key report-key.pub

At any time: of a migration that is not over the report says so and is not signed. The store of the worker has the report
of one that is over, also when Temporal has forgotten it: name the source by its whole uid then.`;

const VERIFY_EXAMPLES = `
Examples:
  $ canton-migrate report verify report.html --key report-key.pub
  $ canton-migrate report verify report.json --key report-key.pub --approvers ada.pub grace.pub

Needs neither Temporal nor a worker. Exit code 4: the file was changed, or signed with another key.`;

export function reportCommand(): Command {
  return addCommonOptions(new Command('report'))
    .description(
      'print the report of a migration, under way or over, also when Temporal has forgotten it',
    )
    .argument('[migration]', NAMED)
    .addOption(new Option('--format <format>', 'what to write').choices(REPORT_FORMATS).default('text'))
    .option('--plan-hash <hash>', 'of several migrations of the source, the one with this plan')
    .option('--out <file>', 'write it to this file')
    .addHelpText('after', EXAMPLES)
    .addCommand(verifyCommand())
    .action(async (reference: string | undefined, options: ReportOptions) => {
      const { planHash, out } = options;
      const format = options.json ? 'json' : options.format;
      await withClient(options, async (client, terminal) => {
        const id = await idOf(client, reference);
        const found = await client.report(id, { format, ...(planHash !== undefined && { planHash }) });
        if (out === undefined) process.stdout.write(found.text);
        else writeTo(out, found.text);
        // What is on standard output may be on its way into a file, whose every byte counts.
        if (!terminal.isJson) process.stderr.write(`next: ${nextOf(found, id, out)}\n`);
      });
    });
}

/** What begins a workflow id, if that was named, and the whole uid of a participant. */
const WHOLE = new RegExp(`^(?:${migrationId('')})?(.+::1220[0-9a-f]{64})$`);

/** Of a migration that Temporal has forgotten, the id that its whole uid makes: the store may have its report. */
async function idOf(client: MigrationClient, reference: string | undefined): Promise<string> {
  try {
    return await client.find(reference);
  } catch (error) {
    const [, uid] = WHOLE.exec(reference ?? '') ?? [];
    const isUnknown = error instanceof MigrationError && error.type === 'NotFound';
    if (isUnknown && uid !== undefined) return migrationId(uid);
    throw error;
  }
}

function nextOf({ kept, others }: WrittenReport, id: string, out: string | undefined): string {
  const file = out === undefined ? '<file>' : quoted(out);
  const [other] = others;
  const more = other
    ? `; of an earlier migration: canton-migrate report ${quoted(id)} --plan-hash ${other.planHash.slice(0, 12)}`
    : '';
  if (!kept) return `nothing: what it says is of now, and not signed${more}`;
  if (kept.signedWith === undefined)
    return `nothing: it is not signed, the worker has no report.signingKey${more}`;
  return `canton-migrate report verify ${file} --key <public key of ${kept.signedWith}>${more}`;
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('check that a report is as the worker signed it, to the last byte')
    .argument('<file>', 'report as text, HTML or JSON')
    .requiredOption('--key <file>', 'public key of Ed25519, PEM or of OpenSSH')
    .option(
      '--approvers <file...>',
      'public keys of approvers, to check the signatures of approvals too',
    )
    .option('--json', 'print JSON for scripts')
    .addHelpText('after', VERIFY_EXAMPLES)
    .action((file: string, options: VerifyOptions, command: Command) => {
      // The option of the command above is taken first.
      const terminal = new Terminal(command.optsWithGlobals<VerifyOptions>().json ?? false);
      try {
        verify(file, options, terminal);
      } catch (error) {
        process.exitCode = terminal.fail(error);
      }
    });
}

function verify(file: string, { key, approvers = [] }: VerifyOptions, terminal: Terminal): void {
  const known = approvers.map((path) => keyOf('--approvers', path));
  keyOf('--key', key);
  try {
    const found = verifyReport(readFrom('<file>', file), readFrom('--key', key).toString(), known);
    for (const line of linesOf(found)) terminal.print(plain(line));
    terminal.printJson(found);
    const isOpen = found.approvals.some(({ state }) => state === 'no-key');
    terminal.next(
      isOpen
        ? 'check the approvals too: repeat with --approvers <public key>...'
        : 'nothing: the report is as it was signed',
    );
  } catch (error) {
    if (!(error instanceof ReportNotVerified)) throw error;
    const next =
      'do not rely on this file: get the report again, canton-migrate report, and the key from whoever runs the worker';
    throw new MigrationError('mismatch', 'ReportNotVerified', `${file}: ${error.message}`, next);
  }
}

const APPROVALS = {
  right: 'signature checked',
  'no-key': 'signature not checked, its key was not given',
  'not-signed': 'not signed, the name was taken as given',
} as const;

function linesOf({ format, fingerprint, migration, writtenAt, outcome, approvals }: VerifiedReport) {
  return [
    `Verified: ${format}, signed with ${fingerprint}, unchanged since`,
    `  migration ${migration}`,
    `  ${outcome === undefined ? '' : `${outcome}, `}written at ${writtenAt}`,
    ...approvals.map(
      ({ gate, approver, state, fingerprint: its }) =>
        `  ${gate} approved by ${approver}: ${APPROVALS[state]}${its === undefined ? '' : ` (${its})`}`,
    ),
    ...(format === 'text' ? ['  signatures of approvals are in the report as HTML and as JSON'] : []),
  ];
}

function keyOf(option: string, path: string) {
  try {
    return readPublicKey(readFrom(option, path).toString());
  } catch (error) {
    if (error instanceof MigrationError) throw error;
    throw invalid(`${option}: ${path}: ${(error as Error).message}`);
  }
}

function readFrom(option: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw invalid(`${option}: found ${path}, which cannot be read (${codeOf(error)})`);
  }
}

function writeTo(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw invalid(`--out: found ${path}, which cannot be written (${codeOf(error)})`);
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

function invalid(message: string): MigrationError {
  return new MigrationError('usage', 'OptionInvalid', message, 'canton-migrate report --help');
}
