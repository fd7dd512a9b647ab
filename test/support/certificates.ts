import { generate } from 'selfsigned';

/** A certificate and its private key, both PEM. */
export interface Identity {
  cert: Buffer;
  key: Buffer;
}

/** Issues certificates; its own is what those who trust it are given. */
export interface Authority extends Identity {
  /** A certificate for the names, DNS or IPv4 addresses; `isExpired`: since yesterday. */
  issue: (names: string[], options?: { isExpired?: boolean }) => Promise<Identity>;
}

const DAY_MS = 24 * 60 * 60_000;

/** Makes a certificate authority that nobody trusts yet. */
export async function makeAuthority(name: string): Promise<Authority> {
  const own = await certify(name, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, digitalSignature: true, critical: true },
  ]);
  const issue: Authority['issue'] = (names, { isExpired = false } = {}) => {
    const altNames = names.map((value) =>
      /^[\d.]+$/.test(value) ? ({ type: 7, ip: value } as const) : ({ type: 2, value } as const),
    );
    return certify(names[0]!, [{ name: 'subjectAltName', altNames }], { issuer: own, isExpired });
  };
  return { ...own, issue };
}

async function certify(
  name: string,
  extensions: NonNullable<Parameters<typeof generate>[1]>['extensions'],
  { issuer, isExpired = false }: { issuer?: Identity; isExpired?: boolean } = {},
): Promise<Identity> {
  const end = Date.now() + (isExpired ? -DAY_MS : DAY_MS);
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(end - 3 * DAY_MS),
    notAfterDate: new Date(end),
    ...(extensions && { extensions }),
    ...(issuer && { ca: { key: issuer.key.toString(), cert: issuer.cert.toString() } }),
  });
  return { cert: Buffer.from(made.cert), key: Buffer.from(made.private) };
}
