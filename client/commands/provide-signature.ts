import { readFileSync } from 'node:fs';

import { Command, Option } from 'commander';

import type { SignatureToProvide } from '../../model/ceremony.js';
import {
  addCommonOptions,
  addIdentityOption,
  findNamed,
  NAMED,
  withClient,
  type CommonOptions,
} from '../command-options.js';
import { MigrationError, NoWorkerError } from '../errors.js';

interface SignatureOptions extends CommonOptions {
  as: string;
  for?: string;
  signature?: string;
  file?: string;
}

const EXAMPLES = `
canton-migrate status shows what to sign and the command to sign it with. What is signed for
parties, by however many keys: canton-migrate signatures --help.

Examples:
  $ canton-migrate provide-signature --file namespace-delegation.sig
  $ canton-migrate provide-signature --for root-key-proof --signature 'gh3f...=='`;

export function provideSignatureCommand(): Command {
  return addIdentityOption(addCommonOptions(new Command('provide-signature')))
    .description('submit a signature made with the offline root key')
    .argument('[migration]', NAMED)
    .option('--for <what>', 'namespace-delegation, root-key-proof, or the beginning of a hash')
    .addOption(new Option('--signature <base64>', 'the signature').conflicts('file'))
    .option('--file <path>', 'file with the signature, as openssl writes it')
    .addHelpText('after', EXAMPLES)
    .action(async (reference: string | undefined, options: SignatureOptions, command: Command) => {
      const signature = readSignature(options, command);
      await withClient(options, async (client, terminal) => {
        const id = await findNamed(client, terminal, reference);
        const { status, taskQueue } = await client.status(id);
        if (!status) throw new NoWorkerError(taskQueue);
        const all = status.signatures ?? [];
        const there = all.find(({ providedSignature }) => providedSignature === signature);
        const wanted = there ?? pick(all, options.for);
        const { purpose, hash, signedBy, algorithm } = wanted;
        const by = there?.providedBy ?? options.as;
        if (!there) await client.provideSignature(id, { hash, signedBy, algorithm, signature, by });
        const isThere = there ? 'was there already: ' : '';
        terminal.print(`${isThere}${purpose} signed by ${signedBy}, submitted by ${by}`);
        terminal.printJson({ id, purpose, hash, by });
        terminal.next('canton-migrate status');
      });
    });
}

/** Files hold bytes, or the same in base64. */
function readSignature({ signature, file }: SignatureOptions, command: Command): string {
  if (signature !== undefined) return signature.trim();
  if (file === undefined) command.error('error: expected --signature or --file, found neither');
  try {
    const bytes = readFileSync(file);
    const text = bytes.toString('latin1').trim();
    return /^[A-Za-z0-9+/]{20,}={0,2}$/.test(text) ? text : bytes.toString('base64');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    return command.error(`error: --file: found ${file}, which cannot be read (${reason})`);
  }
}

function pick(all: SignatureToProvide[], wish: string | undefined): SignatureToProvide {
  const open = all.filter(({ providedBy }) => providedBy === undefined);
  const wished = open.filter(({ purpose, hash }) => purpose === wish || hash.startsWith(wish ?? ''));
  const required = wished.filter(({ isRequired }) => isRequired);
  const found = wished.length === 1 ? wished : required;
  if (found.length === 1 && found[0]) return found[0];
  if (open.length === 0) {
    const message = 'the migration waits for no signature';
    throw new MigrationError('refused', 'NothingToSign', message, 'canton-migrate status');
  }
  const signed = all.find(
    ({ purpose, hash, providedBy }) =>
      providedBy !== undefined && wish !== undefined && (purpose === wish || hash.startsWith(wish)),
  );
  if (wished.length === 0 && signed) {
    const message = `${signed.providedBy} submitted another signature for ${signed.purpose} already`;
    throw new MigrationError('refused', 'AlreadySigned', message, 'canton-migrate status');
  }
  const names = open.map(({ purpose, hash }) => `${purpose} (${hash.slice(0, 16)}...)`).join(', ');
  const message = `--for: found ${wish ?? 'nothing'}, expected which of these: ${names}`;
  throw new MigrationError('refused', 'SignatureUnclear', message, 'repeat it with --for <what>');
}
