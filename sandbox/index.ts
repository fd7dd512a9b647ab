import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallLog } from './calls.js';
import { systemClock } from './clock.js';
import { Faults } from './faults.js';
import { ParticipantView } from './inspect.js';
import { openJournal } from './journal.js';
import { Keyholders } from './keyholders.js';
import { Kms } from './kms.js';
import type { Clock } from './node.js';
import { Participant, type Ports } from './participant.js';
import { completeScenario, type Scenario, type ScenarioChange } from './scenario.js';
import { Seeding } from './seeding.js';
import { Synchronizer } from './synchronizer.js';

export type { Fault, FaultScope, CrashPoint } from './faults.js';
export type { CallRecord, CallFilter } from './calls.js';
export type { LocalStateView, ParticipantView } from './inspect.js';
export type { Scenario, ScenarioChange } from './scenario.js';
export { QUICK_TIMING } from './timing.js';

/** How a sandbox starts. */
export interface SandboxOptions {
  /** What differs from the built-in scenario. A state folder in use keeps the scenario it was made with. */
  readonly scenario?: ScenarioChange;
  /** Folder of the durable state; absent: one of its own, deleted at the end. */
  readonly state?: string;
  /**
   * Admin and ledger port of the source and of the target from this port on, one for the control port, those of a fresh
   * participant; absent: any free ports.
   */
  readonly portBase?: number;
}

/** A running sandbox. */
export interface Sandbox {
  readonly participants: OfEach<ParticipantView>;
  readonly synchronizers: { readonly source: Synchronizer; readonly target: Synchronizer };
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly kms: Kms;
  readonly scenario: Scenario;
  readonly addresses: Addresses;
  /**
   * Signs with a key that no node holds, named by its fingerprint: of an external party of the scenario, of `other` or
   * of the third owner of a decentralised namespace. Ed25519, 64 bytes.
   */
  sign(fingerprint: string, bytes: Uint8Array): Uint8Array;
  /** Returns such a private key, PKCS#8 as PEM. */
  keyOf(fingerprint: string): string;
  /** The port the control port had before, if any. */
  readonly controlPort: number | undefined;
  /** Keeps the control port for the next start. */
  keepControlPort(port: number): void;
  /** Ends everything; state in a folder of its own is deleted. */
  close(): Promise<void>;
}

/** Something of each participant; `fresh` only if the scenario names one. */
type OfEach<T> = { readonly source: T; readonly target: T; readonly fresh?: T };

/** `host:port` of every port. */
export type Addresses = OfEach<ParticipantAddresses>;

interface ParticipantAddresses {
  readonly admin: string;
  readonly ledger: string;
}

type Role = keyof OfEach<unknown>;

interface State {
  readonly scenario: Scenario;
  ports?: OfEach<Ports>;
  sequencerPorts?: { readonly source: number; readonly target: number };
  controlPort?: number;
}

/** Starts a simulated pair of participants behind gRPC on loopback, or resumes one from its state folder. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const folder = options.state ?? mkdtempSync(join(tmpdir(), 'canton-sandbox-'));
  mkdirSync(folder, { recursive: true });
  const state = readState(folder) ?? { scenario: completeScenario(options.scenario) };
  const { scenario } = state;
  const clock = systemClock();
  const calls = new CallLog();
  const participants = new Map<string, Participant>();
  const faults = new Faults((name, restartAfterMs) => participants.get(name)?.crash(restartAfterMs));
  const kmsJournal = openJournal(join(folder, 'kms'));
  const kms = new Kms(kmsJournal);
  const synchronizers = openSynchronizers(scenario, folder, clock);
  const around = { folder, clock, kms, calls, faults, synchronizers: Object.values(synchronizers) };
  const ports = state.ports ?? portsFrom(options.portBase);
  const participant = (role: Role) => {
    const settings = participantSettings(scenario, role);
    const made = new Participant(settings, around, ports[role] ?? { admin: 0, ledger: 0 });
    participants.set(made.settings.name, made);
    return made;
  };
  const source = participant('source');
  const target = participant('target');
  const fresh = scenario.fresh && participant('fresh');
  const seeding = state.ports ? undefined : new Seeding(scenario, synchronizers);
  const close = async () => {
    await Promise.all([source.stop(), target.stop(), fresh?.stop()]);
    await Promise.all(around.synchronizers.map((one) => one.close()));
    kmsJournal.close();
    if (options.state === undefined) rmSync(folder, { recursive: true, force: true });
  };
  const nodes = { source, target, ...(fresh && { fresh }) };
  const sequencerPorts = { source: 0, target: 0, ...state.sequencerPorts };
  try {
    sequencerPorts.source = await synchronizers.source.open(sequencerPorts.source);
    sequencerPorts.target = await synchronizers.target.open(sequencerPorts.target);
    // A fresh participant may host parties of the source.
    await fresh?.start(seeding && ((run) => seeding.fresh(run, scenario.fresh!)));
    await source.start(seeding && ((run) => seeding.source(run)));
    await target.start(seeding && ((run) => seeding.target(run)));
  } catch (error) {
    await close();
    throw error;
  }
  const kept: State = { ...state, scenario, sequencerPorts, ports: each(nodes, (one) => one.openPorts) };
  writeState(folder, kept);
  const keyholders = new Keyholders(scenario);
  return {
    participants: each(nodes, (one) => new ParticipantView(one)),
    synchronizers,
    faults,
    calls,
    kms,
    scenario,
    addresses: each(nodes, addressOf),
    sign: (fingerprint, bytes) => keyholders.sign(fingerprint, bytes),
    keyOf: (fingerprint) => keyholders.pem(fingerprint),
    controlPort: kept.controlPort,
    keepControlPort: (port) => writeState(folder, { ...kept, controlPort: port }),
    close,
  };
}

function each<T>(
  { source, target, fresh }: OfEach<Participant>,
  of: (one: Participant) => T,
): OfEach<T> {
  return { source: of(source), target: of(target), ...(fresh && { fresh: of(fresh) }) };
}

function openSynchronizers(scenario: Scenario, folder: string, clock: Clock) {
  const open = (role: 'source' | 'target') => {
    const settings = { ...scenario.synchronizers[role], ...scenario.timing, seed: scenario.seed };
    return new Synchronizer(settings, openJournal(join(folder, `synchronizer-${settings.name}`)), clock);
  };
  return { source: open('source'), target: open('target') };
}

function participantSettings(scenario: Scenario, role: Role) {
  const node = scenario[role] ?? scenario.source;
  const { name, version, isKmsBacked, rootKeySpec, identity } = node;
  const { timing, seed, maxUnsent, allowsReassigned } = scenario;
  const { outboxMs, lateServicesMs, storesMs, onboardingMs, unreachableMs, switchMs, adminStreamMs } =
    timing;
  const ledger = { ...timing, allowsReassigned };
  const apis = { admin: node.admin ?? {}, ledger: node.ledger ?? {} };
  const spec = rootKeySpec && ({ rootKeySpec: `SIGNING_KEY_SPEC_${rootKeySpec}` } as const);
  const own = {
    costs: timing,
    name,
    version,
    isKmsBacked,
    seed,
    maxUnsent,
    outboxMs,
    lateServicesMs,
    storesMs,
    onboardingMs,
    unreachableMs,
    switchMs,
    adminStreamMs,
  };
  return { ...own, ledger, apis, ...spec, ...(identity && { identity }) };
}

function portsFrom(base: number | undefined): Record<Role, Ports> {
  const at = (offset: number) => (base === undefined ? 0 : base + offset);
  const pair = (first: number) => ({ admin: at(first), ledger: at(first + 1) });
  return { source: pair(0), target: pair(2), fresh: pair(5) };
}

function addressOf({ adminAddress, ledgerAddress }: Participant): ParticipantAddresses {
  return { admin: adminAddress, ledger: ledgerAddress };
}

/** Returns undefined for a new folder; one whose first start was cut short is emptied. */
function readState(folder: string): State | undefined {
  const file = join(folder, 'sandbox.json');
  // Nobody else writes it.
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as State;
  for (const name of ['kms', 'source', 'target', 'fresh'])
    rmSync(join(folder, name), { recursive: true, force: true });
  return undefined;
}

function writeState(folder: string, state: State): void {
  const file = join(folder, 'sandbox.json');
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
}
