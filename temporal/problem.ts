/** What to do about each way in which Temporal cannot be used. */
const CURES = {
  TemporalSettingsUnusable: 'correct that setting, then repeat the command',
  TemporalProfileMissing: 'set TEMPORAL_PROFILE to a profile of that file, or unset it',
  TemporalUnavailable: 'start it, or set TEMPORAL_ADDRESS to where it is',
  TemporalNotSpoken:
    'set TEMPORAL_ADDRESS to the gRPC port of Temporal: 7233 as a rule, not that of its Web UI',
  TemporalTlsRequired:
    'set TEMPORAL_TLS=true, and TEMPORAL_TLS_SERVER_CA_CERT_PATH if its certificate is of an authority of your own',
  TemporalTlsNotSpoken:
    'set TEMPORAL_TLS=false: certificates and an API key switch TLS on; or set TEMPORAL_ADDRESS to a port with TLS',
  TemporalCertificateNotTrusted:
    'set TEMPORAL_TLS_SERVER_CA_CERT_PATH to the PEM file of the authority that issued it',
  TemporalHostNameMismatch: 'set TEMPORAL_TLS_SERVER_NAME to a name in the certificate',
  TemporalClientCertificateRequired:
    'set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH to a certificate that it accepts, and its key',
  TemporalAccessRefused:
    'set TEMPORAL_API_KEY to a key that is valid for this namespace, or the client certificate; check TEMPORAL_NAMESPACE',
  NamespaceMissing:
    'set TEMPORAL_NAMESPACE to one that is there, or create it: temporal operator namespace create --namespace <name>',
} as const;

/** A stable name of why Temporal cannot be used. */
export type TemporalProblemType = keyof typeof CURES;

/** Temporal cannot be used as it is configured. */
export class TemporalProblem extends Error {
  override readonly name = 'TemporalProblem';
  /** What to do about it. */
  readonly next: string;

  constructor(
    readonly type: TemporalProblemType,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.next = CURES[type];
  }

  /** Whether it is found without asking Temporal. */
  get isOfSettings(): boolean {
    return this.type === 'TemporalSettingsUnusable' || this.type === 'TemporalProfileMissing';
  }
}
