import { loadClientConnectConfig } from '@temporalio/envconfig';

import { MIGRATION_REQUEST_SCHEMA, type RouteName } from '../../model/request.js';
import { placeOf } from '../../storage/places.js';
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

type Api = 'Admin' | 'Ledger';
/** Of one participant. */
interface Subject {
  role: Role;
  name: string;
  given: InitOptions;
}

const NAME = new RegExp(MIGRATION_REQUEST_SCHEMA.properties.source.pattern);
const { admin } = CONFIGURATION_SCHEMA.properties.participants.additionalProperties.properties;
const ADDRESS = new RegExp(admin.properties.address.pattern);
/** In capital letters: a token that is pasted by mistake is none. */
const VARIABLE = /^[A-Z_][A-Z0-9_]{0,99}$/;
/** In small letters: no variable. */
const NO_VARIABLE = 'none';
const DEFAULT_NAMES: Record<Role, string> = { source: 'old', target: 'new' };
const TITLES: Record<Role, string> = {
  source: 'The source serves the parties now.',
  target: 'The target is to serve them.',
};

/** Asks for one participant: its name, its addresses, how they are reached, and where its tokens are. */
export async function askNode(
  ask: Asker,
  role: Role,
  { given, taken }: { given: InitOptions; taken?: string },
): Promise<NodeAnswers> {
  ask.tell(`${TITLES[role]} Its name is used in the configuration and in requests.`);
  const name = await ask.text({
    flag: `--${role}`,
    given: given[role],
    message: `Name of the ${role}`,
    fallback: DEFAULT_NAMES[role],
    expected: (text) => {
      if (text === taken) return 'another name than that of the source';
      return NAME.test(text) ? undefined : 'letters, digits, _ . and -';
    },
  });
  const subject = { role, name, given };
  const address = (api: Api) =>
    ask.text({
      flag: `--${role}-${api.toLowerCase()}`,
      given: given[`${role}${api}`],
      message: `${api} API of ${name}, host:port`,
      expected: addressExpected,
    });
  const addresses = { Admin: await address('Admin'), Ledger: await address('Ledger') };
  const tls = await askTransport(ask, subject, addresses);
  if (role === 'source')
    ask.tell('Tokens are not stored: the configuration names the environment variable with one.');
  const variable = (api: Api, fallback?: string) =>
    askVariable(ask, subject, { api, fallback, isOpen: !tls && isFar(addresses[api]) });
  const adminToken = await variable('Admin');
  const tokens = { Admin: adminToken, Ledger: await variable('Ledger', adminToken) };
  const entry = (api: Api): ApiEntry => ({
    address: addresses[api],
    ...(tls && { tls }),
    ...(!tls && isFar(addresses[api]) && { insecure: true as const }),
    ...(tokens[api] !== undefined && { token: `\${${tokens[api]}}` }),
  });
  return { name, admin: entry('Admin'), ledger: entry('Ledger') };
}

/** The TLS of both APIs; nothing for plain text. */
async function askTransport(
  ask: Asker,
  { role, name, given }: Subject,
  addresses: Record<Api, string>,
): Promise<ApiEntry['tls'] | undefined> {
  const isNear = !Object.values(addresses).some(isFar);
  const hasFile = (['Ca', 'Cert', 'Key'] as const).some((its) => given[`${role}${its}`] !== undefined);
  const answer = await ask.choice(
    {
      flag: `--${role}-tls`,
      given: given[`${role}Tls`] ?? (hasFile ? 'yes' : undefined),
      message: `Are both APIs of ${name} reached over TLS?`,
      fallback: isNear ? 'no' : 'yes',
      expected: (text) => {
        if (text === 'no' && hasFile) return `yes with --${role}-ca, --${role}-cert and --${role}-key`;
        return ['yes', 'no'].includes(text) ? undefined : 'yes or no';
      },
    },
    [
      { value: 'yes', name: 'yes' },
      { value: 'no', name: isNear ? 'no' : 'no: anybody on the way can read and change it' },
    ],
  );
  if (answer === 'no') return undefined;
  ask.tell('Files are PEM; their paths start at the folder of the configuration.');
  const file = (flag: 'Ca' | 'Cert' | 'Key', message: string, isNeeded = false) =>
    ask.text({
      flag: `--${role}-${flag.toLowerCase()}`,
      given: given[`${role}${flag}`],
      message,
      ...(isNeeded
        ? { expected: (text) => (text === '' ? 'the key of the client certificate' : undefined) }
        : { fallback: '' }),
    });
  const ca = await file('Ca', "Authority (empty: the system's)");
  const cert = await file('Cert', 'Client certificate (empty: none)');
  if (cert === '' && given[`${role}Key`])
    throw invalid(`--${role}-cert`, 'found nothing, expected the certificate of the key that is given');
  const key = cert === '' ? '' : await file('Key', 'Key of the client certificate', true);
  return { ...(ca !== '' && { ca }), ...(cert !== '' && { cert, key }) };
}

/** The name of the variable with the token of an API, if it takes one. */
async function askVariable(
  ask: Asker,
  { role, name, given }: Subject,
  { api, fallback = NO_VARIABLE, isOpen }: { api: Api; fallback?: string | undefined; isOpen: boolean },
): Promise<string | undefined> {
  const text = await ask.text({
    flag: `--${role}-${api.toLowerCase()}-token`,
    given: given[`${role}${api}Token`],
    message: `${api} API of ${name}, variable or ${NO_VARIABLE}`,
    fallback,
    expected: (answer) => {
      const its = variableIn(answer);
      if (its === undefined) return undefined;
      if (!VARIABLE.test(its))
        return 'the name of an environment variable in capital letters, such as OLD_TOKEN; never the token itself';
      return isOpen ? `${NO_VARIABLE}: without TLS anybody on the way could read the token` : undefined;
    },
    isVeiled: true,
  });
  return variableIn(text);
}

/** Asks for the synchronizers, and offers those that the nodes say. */
export async function askSynchronizers(
  ask: Asker,
  given: InitOptions,
  known: Record<Role, Known>,
): Promise<{ sourceSynchronizer: string; targetSynchronizer: string; route?: RouteName }> {
  ask.tell('Synchronizers are named by their alias on the node, or by their logical id.');
  const synchronizer = (role: Role) => {
    const { synchronizers, problem } = known[role];
    const [first] = synchronizers;
    const question = {
      flag: `--${role}-synchronizer`,
      given: given[`${role}Synchronizer`],
      message: `Synchronizer of the parties ${role === 'source' ? 'now' : 'afterwards'}`,
      ...(first && { fallback: first.value }),
      ...(problem !== undefined && { why: `the ${role} cannot be asked: ${problem}` }),
      expected: (text: string) => (text === '' ? 'an alias or a logical id' : undefined),
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
      expected: (text) => (routes.includes(text) ? undefined : `one of ${routes.join(', ')}`),
    },
    [
      { value: 'plan', name: 'the plan chooses: live on one synchronizer' },
      { value: 'new-synchronizer', name: 'new-synchronizer: out of service meanwhile' },
      { value: 'live', name: 'live: the source serves until the target does' },
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
  ask.tell('Exported contracts are kept in a folder, with room for all of them; it may be lost.');
  const spool = await ask.text({
    flag: '--spool',
    given: given.spool,
    message: 'Folder for exports',
    fallback: 'spool',
  });
  ask.tell(
    'Long lists of parties must last, and all workers share them: a folder, or s3://<bucket>/<prefix>.',
  );
  const lists = await ask.text({
    flag: '--lists',
    given: given.lists,
    message: 'Folder or bucket for lists',
    fallback: 'lists',
    expected: placeExpected,
    isVeiled: true,
  });
  return { spool, lists };
}

/** Asks where Temporal is, unless its own environment or profile says so; that is where it has to be said. */
export async function askTemporal(ask: Asker, given: InitOptions): Promise<Record<string, string>> {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const isKnown = connectionOptions.address !== undefined && given.temporalAddress === undefined;
  const isNamespaceKnown = namespace !== undefined && given.temporalNamespace === undefined;
  const variables: Record<string, string> = {};
  if (!isKnown || !isNamespaceKnown)
    ask.tell('Temporal is found by environment variables, which you are told in the end.');
  if (!isKnown)
    variables['TEMPORAL_ADDRESS'] = await ask.text({
      flag: '--temporal-address',
      given: given.temporalAddress,
      message: 'Temporal, host:port',
      fallback: 'localhost:7233',
      expected: addressExpected,
    });
  if (!isNamespaceKnown)
    variables['TEMPORAL_NAMESPACE'] = await ask.text({
      flag: '--temporal-namespace',
      given: given.temporalNamespace,
      message: 'Namespace in it',
      fallback: 'default',
      expected: (text) => (/^[\w.-]+$/.test(text) ? undefined : 'letters, digits, _ . and -'),
    });
  return variables;
}

function placeExpected(text: string): string | undefined {
  try {
    placeOf(text);
    return undefined;
  } catch {
    return 'a folder, or s3://<bucket>/<prefix> without credentials';
  }
}

function addressExpected(text: string): string | undefined {
  const isAddress = ADDRESS.test(text) && Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535;
  return isAddress ? undefined : 'host:port';
}

function variableIn(text: string): string | undefined {
  const its = /^\$\{(.*)\}$/.exec(text)?.[1] ?? text;
  return its === '' || its === NO_VARIABLE ? undefined : its;
}

/** Whether an address is not of this machine. */
function isFar(address: string): boolean {
  const host = address.slice(0, address.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1');
  return !isLoopback(host);
}
