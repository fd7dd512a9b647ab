/** Those that a test runs on where both matter: that of today's networks first. */
export const PROTOCOL_VERSIONS = [35, 34] as const;

type ProtocolVersion = (typeof PROTOCOL_VERSIONS)[number];

/** Both versions in turn, for what is run many times. */
export function versionOfTurn(turn: number): ProtocolVersion {
  return turn % 2 === 0 ? 34 : 35;
}

/** The part of a scenario that has both synchronizers run a version. */
export function onVersion(protocolVersion: ProtocolVersion) {
  return { synchronizers: { source: { protocolVersion }, target: { protocolVersion } } };
}
