import { readFileSync } from 'node:fs';
import { ServerCredentials } from '@grpc/grpc-js';
import type { TlsScenario } from './scenario.js';

/** Returns what a port proves itself with, and whom it asks to do the same. Source: admin-api 4.1. */
export function serverCredentials(tls: TlsScenario | undefined): ServerCredentials {
  if (!tls) return ServerCredentials.createInsecure();
  const { certChainFile, privateKeyFile, clientAuth = 'none', trustCollectionFile } = tls;
  const identity = {
    cert_chain: readFileSync(certChainFile),
    private_key: readFileSync(privateKeyFile),
  };
  if (clientAuth === 'none') return ServerCredentials.createSsl(null, [identity]);
  if (trustCollectionFile === undefined) {
    throw new Error('tls with clientAuth require needs a trustCollectionFile');
  }
  return ServerCredentials.createSsl(readFileSync(trustCollectionFile), [identity], true);
}
