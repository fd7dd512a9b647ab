/** Says why the worker cannot listen at an address of its configuration; `code` is that of the system. */
export function whyNotListening(
  field: string,
  address: string,
  code: string | undefined,
  message: string,
): string {
  if (code === 'EADDRINUSE')
    return `${field}: found ${address}, where another program listens, expected a free port`;
  if (code === 'EACCES')
    return `${field}: found ${address}, where this user may not listen, expected a port from 1024 on`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${field}: found ${address}, which is no address of this machine, expected one, or 0.0.0.0`;
  return `${field}: found ${address}, which cannot be used (${message}), expected a free port`;
}

/** The two parts of `host:port`; an IPv6 host is in brackets there. */
export function hostAndPort(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return {
    host: address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'),
    port: Number(address.slice(colon + 1)),
  };
}
