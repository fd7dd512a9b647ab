/** Of the physical id of a synchronizer, `name::fingerprint::protocolVersion-serial`; 0 if it was never reached. */
export function protocolVersionOf({ physicalId }: { physicalId: string }): number {
  return Number(physicalId.split('::')[2]?.split('-')[0] ?? 0);
}
