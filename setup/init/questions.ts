import { loadClientConnectConfig } from '@temporalio/envconfig';

import { MIGRATION_REQUEST_SCHEMA, type RouteName } from '../../model/request.js';
import { isLoopback } from '../../worker/channel-entries.js';
import { CONFIGURATION_SCHEMA } from '../../worker/configuration-schema.js';
import type { InitOptions } from '../options.js';
import { invalid, type Asker } from './asker.js';
import type { Known } from './synchronizers.js';

export type Role = 'source' | 'target';

/** One API, as it stands in the configuration: a token is a reference to the environment. */
export interface ApiEntry {
  address: string;
  tls?: { ca?: string; cert?: string; key?: string };
  insecure?: true;
  token?: string;
}

export interface NodeAnswers {
  name: string;
  admin: ApiEntry;
  ledger: ApiEntry;
}

const NAME = new RegExp(MIGRATION_REQUEST_SCHEMA.properties.source.pattern);
const { admin } = CONFIGURATION_SCHEMA.properties.participants.additionalProperties.properties;
const ADDRESS = new RegExp(admin.properties.address.pattern);
/** In capital letters: a token that is pasted by mistake is none. */
const VARIABLE = /^[A-Z_][A-Z0-9_]{0,99}$/;
const DEFAULT_NAMES: Record<Role, string> = { source: 'old', target: 'new' };

/** Asks for one participant: its name, its addresses, how they are reached, and where its tokens are. */
export async function askNode(ask: Asker, role: Role, given: InitOptions): Promise<NodeAnswers> {
  const title = role === 'source' ? 'Source, which serves the parties now' : 'Target';
  const name = await ask.text({
    flag: `--${role}`,
    given: given[role],
    message: `${title}: its name in configuration and requests`,
    fallback: DEFAULT_NAMES[role],
    check: (text) => (NAME.test(text) ? undefined : 'expected letters, digits, _ . and -'),
  });
  const address = (api: 'Admin' | 'Ledger') =>
    ask.text({
      flag: `--${role}-${api.toLowerCase()}`,
      given: given[`${role}${api}`],
      message: `${name}: address of its ${api} API, host:port`,
      check: addressProblem,
    });
  const addresses = { admin: await address('Admin'), ledger: await address('Ledger') };
  const transport = await askTransport(ask, role, { name, given, addresses });
  const variable = async (api: 'Admin' | 'Ledger', fallback: string) => {
    const text = await ask.text({
      flag: `--${role}-${api.toLowerCase()}-token`,
      given: given[`${role}${api}Token`],
      message: `${name}: environment variable with the token of its ${api} API, empty for none`,
      fallback,
      check: variableProblem,
      isVeiled: true,
    });
    return variableIn(text);
  };
  const adminToken = await variable('Admin', '');
  const ledgerToken = await variable('Ledger', adminToken);
  const entry = (to: string, token: string): ApiEntry => {
    if (token !== '' && !transport && !isLoopback(hostOf(to)))
      throw invalid(
        `--${role}-tls`,
        `found no with a token for ${to}, expected yes: anybody on the way could read the token`,
      );
    return {
      address: to,
      ...(transport && { tls: transport }),
      ...(!transport && !isLoopback(hostOf(to)) && { insecure: true as const }),
      ...(token !== '' && { token: `\${${token}}` }),
    };
  };
  return {
    name,
    admin: entry(addresses.admin, adminToken),
    ledger: entry(addresses.ledger, ledgerToken),
  };
}

/** The TLS of both APIs; nothing for plain text. */
async function askTransport(
  ask: Asker,
  role: Role,
  {
    name,
    given,
    addresses,
  }: { name: string; given: InitOptions; addresses: Record<'admin' | 'ledger', string> },
): Promise<ApiEntry['tls'] | undefined> {
  const isNear = Object.values(addresses).every((its) => isLoopback(hostOf(its)));
  const files = (['Ca', 'Cert', 'Key'] as const).map((file) => given[`${role}${file}`]);
  const answer = await ask.choice(
    {
      flag: `--${role}-tls`,
      given: given[`${role}Tls`] ?? (files.some((file) => file !== undefined) ? 'yes' : undefined),
      message: `${name}: are its APIs reached over TLS?`,
      fallback: isNear ? 'no' : 'yes',
      check: (text) => (['yes', 'no'].includes(text) ? undefined : 'expected yes or no'),
    },
    [
      { value: 'yes', name: 'yes' },
      {
        value: 'no',
        name: isNear ? 'no' : 'no: anybody on the way can read and change what is sent',
      },
    ],
  );
  if (answer === 'no') return undefined;
  const file = (flag: 'Ca' | 'Cert' | 'Key', message: string) =>
    ask.text({
      flag: `--${role}-${flag.toLowerCase()}`,
      given: given[`${role}${flag}`],
      message: `${name}: ${message}`,
      fallback: '',
    });
  const ca = await file('Ca', 'PEM file of the certificate authority, empty for those of the system');
  const cert = await file('Cert', 'PEM file of the client certificate, empty for none');
  const key = cert === '' ? '' : await file('Key', 'PEM file of its private key');
  if (cert !== '' && key === '')
    throw invalid(`--${role}-key`, 'missing, expected the key of the client certificate');
  return { ...(ca !== '' && { ca }), ...(cert !== '' && { cert, key }) };
}

/** Asks for the synchronizers, and offers those that the nodes say. */
export async function askSynchronizers(
  ask: Asker,
  given: InitOptions,
  known: Record<Role, Known>,
): Promise<{ sourceSynchronizer: string; targetSynchronizer: string; route?: RouteName }> {
  const synchronizer = (role: Role) => {
    const { synchronizers } = known[role];
    const [first] = synchronizers;
    const question = {
      flag: `--${role}-synchronizer`,
      given: given[`${role}Synchronizer`],
      message:
        role === 'source'
          ? 'Synchronizer that the parties are on'
          : 'Synchronizer that they are to be on afterwards',
      ...(first && { fallback: first.value }),
      check: (text: string) => (text === '' ? 'expected an alias or a logical id' : undefined),
    };
    return synchronizers.length > 0 ? ask.choice(question, synchronizers) : ask.text(question);
  };
  const sourceSynchronizer = await synchronizer('source');
  const targetSynchronizer = await synchronizer('target');
  const routes = ['plan', ...MIGRATION_REQUEST_SCHEMA.properties.route.enum];
  const route = await ask.choice(
    {
      flag: '--route',
      given: given.route,
      message: 'Route',
      fallback: 'plan',
      check: (text) => (routes.includes(text) ? undefined : `expected one of ${routes.join(', ')}`),
    },
    [
      { value: 'plan', name: 'the plan chooses: live if both nodes are on one synchronizer' },
      { value: 'new-synchronizer', name: 'new-synchronizer: the source is out of service meanwhile' },
      { value: 'live', name: 'live: on one synchronizer, the source serves until the target does' },
    ],
  );
  return {
    sourceSynchronizer,
    targetSynchronizer,
    ...(route !== 'plan' && { route: route as RouteName }),
  };
}

/** Asks where exports and long lists are kept. */
export async function askFolders(ask: Asker, given: InitOptions) {
  const spool = await ask.text({
    flag: '--spool',
    given: given.spool,
    message: 'Folder for exported contracts: a cache, with room for all of them',
    fallback: 'spool',
  });
  const lists = await ask.text({
    flag: '--lists',
    given: given.lists,
    message: 'Folder or s3://<bucket>/<prefix> for long lists: must last, shared by all workers',
    fallback: 'lists',
  });
  return { spool, lists };
}

/** Asks where Temporal is, unless its own environment or profile says so; that is where it has to be said. */
export async function askTemporal(ask: Asker, given: InitOptions): Promise<Record<string, string>> {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const variables: Record<string, string> = {};
  if (connectionOptions.address === undefined || given.temporalAddress !== undefined)
    variables['TEMPORAL_ADDRESS'] = await ask.text({
      flag: '--temporal-address',
      given: given.temporalAddress,
      message: 'Address of Temporal, host:port',
      fallback: 'localhost:7233',
      check: addressProblem,
    });
  if (namespace === undefined || given.temporalNamespace !== undefined)
    variables['TEMPORAL_NAMESPACE'] = await ask.text({
      flag: '--temporal-namespace',
      given: given.temporalNamespace,
      message: 'Namespace in it',
      fallback: 'default',
      check: (text) => (/^[\w.-]+$/.test(text) ? undefined : 'expected letters, digits, _ . and -'),
    });
  return variables;
}

function addressProblem(text: string): string | undefined {
  return ADDRESS.test(text) && Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535
    ? undefined
    : 'expected host:port';
}

function variableProblem(text: string): string | undefined {
  return text === '' || VARIABLE.test(variableIn(text))
    ? undefined
    : 'expected the name of an environment variable in capital letters, such as OLD_TOKEN; never the token itself';
}

function variableIn(text: string): string {
  return /^\$\{(.*)\}$/.exec(text)?.[1] ?? text;
}

function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1');
}
