import {
  describeHostings,
  describeSigners,
  EXPORT_COMMAND,
  IMPORT_COMMAND,
  moreToSign,
  type SignatureToProvide,
} from '../../model/ceremony.js';
import { eachText, plain, shown } from '../../model/shown-text.js';
import type { MigrationStatus } from '../../model/steering.js';
import { indent, shortId, type Style } from './style.js';

/** Characters on a line of bytes: whole groups of base64, on the narrowest terminal. */
const BYTES_WIDTH = 56;

/** Where the migration waits for an approval, and what the operator confirms with it. */
export function gateLines(found: MigrationStatus, style: Style): string[] {
  const status = shown(found);
  const { gate, gateSince, pausedBy } = status;
  if (!gate) return [];
  const since = gateSince === undefined ? '' : ` since ${gateSince}`;
  return [
    style.notice(`Gate ${gate.name} waits${since} for ${waitedFor(status)}`),
    ...(pausedBy === undefined
      ? []
      : [style.notice(`Paused by ${pausedBy}: approved or not, nothing goes on until it is resumed`)]),
    ...approvedLines(status, style),
    // However long a transaction is, the whole of it is signed.
    ...(found.signatures ?? []).flatMap((signature) =>
      signatureLines(eachText(signature, plain), style),
    ),
    ...moreToSign(status),
    ...hostingLines(status, style),
  ];
}

/** What somebody says who approves the gate that is open. */
export function approvedLines(found: MigrationStatus, style: Style): string[] {
  const { gate, approvals } = shown(found);
  if (!gate) return [];
  const its = (line: string) => (line.startsWith('warning') ? style.notice(line) : line);
  const others = approvals.filter((approval) => approval.gate !== gate.name);
  return [
    'Whoever approves confirms that',
    indent(gate.statement),
    ...(gate.approves.length + others.length > 0 ? ['and has seen'] : []),
    ...gate.approves.map((line) => indent(its(shortId(line)))),
    ...others.map(({ gate: name, approver, approvedAt }) =>
      indent(`${name} was approved by ${approver} at ${approvedAt}`),
    ),
  ];
}

/** What other keys sign for the parties, counted: there may be very many. */
export function hostingLines({ hostings }: MigrationStatus, style: Style): string[] {
  if (!hostings) return [];
  const title = `Signatures for the parties: ${describeHostings(hostings)}`;
  return [
    hostings.missing > 0 ? style.notice(title) : style.good(title),
    ...(hostings.given < hostings.requests
      ? [indent([...describeSigners(hostings), EXPORT_COMMAND, IMPORT_COMMAND].join('\n'))]
      : []),
  ];
}

function waitedFor({ gate, approvals, approvalsNeeded = 1 }: MigrationStatus): string {
  if (approvalsNeeded === 1) return 'an approval';
  const given = approvals.filter((its) => its.gate === gate?.name).map(({ approver }) => approver);
  const by = given.length === 0 ? '' : `, approved by ${given.join(', ')}`;
  return `the approval of ${approvalsNeeded} people${by}`;
}

const PURPOSES: Record<SignatureToProvide['purpose'], string> = {
  'namespace-delegation': 'the delegation, a topology transaction',
  'root-key-proof': 'a proof that the root key is at hand',
};

/** What to sign, for whoever has the root key. */
function signatureLines(signature: SignatureToProvide, style: Style): string[] {
  const { purpose, isRequired, signedBy, algorithm, hash, toSign, file } = signature;
  if (signature.providedBy !== undefined)
    return [style.good(`Signed (${purpose}), submitted by ${signature.providedBy}`)];
  if (!isRequired) return [`Optional, ${PURPOSES[purpose]}: ${EXPORT_COMMAND} --signer ${signedBy}`];
  return [
    style.notice(`To sign (${purpose}): ${PURPOSES[purpose]}`),
    indent(`by key ${signedBy}, ${algorithm}\nhash ${hash}`),
    indent('in words: canton-migrate signatures export --file to-sign.jsonl'),
    indent('          canton-migrate signatures show --file to-sign.jsonl'),
    'Where the key is, as root-key.pem, paste these lines:',
    ...signingLines(signature, toSign.base64),
    indent(`then: canton-migrate provide-signature --for ${purpose} --file ${file}`),
  ];
}

/** The command of a request with its bytes on lines of their own: no terminal breaks those. */
function signingLines({ command, purpose }: SignatureToProvide, bytes: string): string[] {
  const [, ...commands] = command.split(' && ');
  const lines = bytes.match(new RegExp(`.{1,${BYTES_WIDTH}}`, 'g')) ?? [];
  return [`openssl base64 -d -out ${purpose}.bin <<'END'`, ...lines, 'END', ...commands];
}
