/** The id of a participant where a call takes any member of a domain. */
export function memberOf(uid: string): string {
  return `PAR::${uid}`;
}

/** The uid of a participant, whichever way a call says it. */
export function uidOf(participant: string): string {
  return participant.startsWith('PAR::') ? participant.slice('PAR::'.length) : participant;
}

/** Of the hexadecimal text of an offset, with leading zeros: as texts, offsets sort by their number. */
const OFFSET_DIGITS = 18;

/** The offset of a Ledger API v1 as decimal int64; none is the beginning of the ledger. */
export function decimalOffset(hexadecimal: string): string {
  return hexadecimal === '' ? '0' : BigInt(`0x${hexadecimal}`).toString();
}

/** A decimal offset as the Ledger API v1 takes it; the beginning is none. */
export function ledgerOffset(decimal: string): string {
  return decimal === '0' ? '' : BigInt(decimal).toString(16).padStart(OFFSET_DIGITS, '0');
}
