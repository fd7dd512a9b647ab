import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILTIN_PACKAGES } from './builtin-packages.js';
import { fingerprint } from './crypto.js';
import { buildDar, readDar } from './dar.js';
import { registerWith, type ParticipantRun } from './participant.js';
import {
  InvalidScenario,
  type DarScenario,
  type FreshScenario,
  type NodeScenario,
  type Scenario,
} from './scenario.js';
import { seedLocalState } from './seeding-local-state.js';
import { seedParties, type Host, type SeededParties } from './seeding-parties.js';
import {
  intermediateCertificate,
  offlineRoot,
  rootCertificate,
  signedBy,
  virtualParticipant,
  type Signer,
} from './signers.js';
import type { Synchronizer } from './synchronizer.js';
import type { SignedTransaction } from './topology/transaction.js';
import { memberKeys } from './vault.js';
import { packageRoot } from './wire.js';

/** The time of the initial state: everything in it was in effect well before the start. */
const AGE_MICROS = 3_600_000_000n;

const MANY = 1_000;
const BATCH = 100;

/** Fills a new sandbox, one participant at a time, without delays. */
export class Seeding {
  private time = BigInt(Date.now()) * 1000n - AGE_MICROS;
  /** The real participant that is `other`, if there is one. */
  private other: Host | undefined;

  constructor(
    private readonly scenario: Scenario,
    private readonly synchronizers: { readonly source: Synchronizer; readonly target: Synchronizer },
  ) {}

  /** Brings a new source to its initial state. */
  async source(run: ParticipantRun): Promise<void> {
    const { source } = this.synchronizers;
    const places = this.join(run, this.scenario.source);
    const transactions: SignedTransaction[] = [];
    const parties = seedParties({
      counts: this.scenario.parties,
      seed: this.scenario.seed,
      host: { uid: run.uid, signer: namespaceSigner(run) },
      other: this.other ?? this.virtualOther(),
      put: (signed) => transactions.push(signed),
    });
    this.placeAll(source, transactions);
    await this.equip(run, this.scenario.source, places);
    this.contracts(run, parties);
    seedLocalState(run.half.control, this.scenario.localState, parties.local);
  }

  /** Many take effect in batches with one time each, as on a real synchronizer. Source: networks H. */
  private placeAll(synchronizer: Synchronizer, transactions: readonly SignedTransaction[]): void {
    const size = transactions.length > MANY ? BATCH : 1;
    for (let at = 0; at < transactions.length; at += size)
      synchronizer.place(transactions.slice(at, at + size), this.tick());
  }

  /** Brings a new target to its initial state. */
  async target(run: ParticipantRun): Promise<void> {
    const { target } = this.synchronizers;
    for (const name of this.scenario.targetMembers) {
      const member = virtualParticipant(name, `${this.scenario.seed}/earlier`);
      for (const signed of member.identity(target.info.logicalId)) target.seed(signed, this.tick());
    }
    if (!run.isInitialized) return;
    const places = this.join(run, this.scenario.target);
    await this.equip(run, this.scenario.target, places);
  }

  /** Brings a further participant to its initial state: without parties of its own. */
  async fresh(run: ParticipantRun, node: FreshScenario): Promise<void> {
    if (node.isOther) {
      if (!run.isInitialized || !node.synchronizers.includes('source'))
        throw new InvalidScenario([
          'fresh.isOther needs an identity and the synchronizer of the source',
        ]);
      this.other = { uid: run.uid, signer: namespaceSigner(run) };
    }
    if (!run.isInitialized) return;
    await this.equip(run, node, this.join(run, node));
  }

  /** The participant that other parties are hosted by, and some of the source's too; nothing listens for it. */
  private virtualOther(): Host {
    const { seed, parties } = this.scenario;
    const { source } = this.synchronizers;
    const other = virtualParticipant('other', seed);
    const { multiHosted, decentralized, foreign, jointlyConfirmed } = parties;
    const { decentralizedShared, inOthersNamespace } = parties;
    const first = multiHosted + decentralized + foreign + jointlyConfirmed;
    if (first + decentralizedShared + inOthersNamespace > 0)
      for (const signed of other.identity(source.info.logicalId)) source.seed(signed, this.tick());
    return { uid: other.uid, signer: other.namespace };
  }

  /** Makes a node a member of its synchronizers, which it returns. */
  private join(run: ParticipantRun, node: NodeScenario): Synchronizer[] {
    const places = node.synchronizers.map((role) => this.synchronizers[role]);
    const namespace = namespaceSigner(run);
    const public_keys = memberKeys(run.vault);
    const owners = public_keys.flatMap(({ signing_public_key: key }) =>
      key ? vaultSigner(run, fingerprint(key.public_key)) : [],
    );
    const put = (signed: SignedTransaction, synchronizers: readonly Synchronizer[]) => {
      run.topology.authorized.acceptAt(signed, this.tick());
      for (const synchronizer of synchronizers) synchronizer.seed(signed, this.tick());
    };
    const member = `PAR::${run.uid}`;
    for (const certificate of this.certificates(run, node)) put(certificate, places);
    put(signedBy([namespace, ...owners], { code: 'otk', value: { member, public_keys } }), places);
    for (const synchronizer of places) {
      const value = { participant_uid: run.uid, synchronizer_id: synchronizer.info.logicalId };
      put(signedBy([namespace], { code: 'dtc', value }), [synchronizer]);
    }
    return places;
  }

  /** What lets a key of the node sign for its namespace. */
  private certificates(run: ParticipantRun, { name, identity }: NodeScenario): SignedTransaction[] {
    const signer = namespaceSigner(run);
    if (identity !== 'offline-root') return [rootCertificate(signer)];
    const root = offlineRoot(this.scenario.seed, name, run.settings.rootKeySpec);
    return [rootCertificate(root), intermediateCertificate(root, signer.key)];
  }

  /** Gives a node its DARs and connects it. */
  private async equip(
    run: ParticipantRun,
    node: NodeScenario,
    places: readonly Synchronizer[],
  ): Promise<void> {
    for (const dar of node.dars)
      run.half.control.packages.add(darBytes(dar), `${dar.name}-${dar.version}.dar`);
    for (const synchronizer of places) {
      this.vet(run, node, synchronizer);
      registerWith(run, synchronizer);
    }
    for (const { info } of places) await run.connections.connect(info.alias);
  }

  private vet(run: ParticipantRun, node: NodeScenario, synchronizer: Synchronizer): void {
    const vetted = BUILTIN_PACKAGES.map((one) => one.packageId);
    let serial = 1;
    const vet = () => {
      const packages = vetted.map((package_id) => ({ package_id }));
      const value = { participant_uid: run.uid, packages };
      synchronizer.seed(signedBy([namespaceSigner(run)], { code: 'vtp', value }, serial++), this.tick());
    };
    vet();
    for (const dar of node.dars) {
      if (!dar.isVetted) continue;
      const { main, packages } = readDar(darBytes(dar));
      const ids = packages.map((one) => one.packageId);
      const fresh = dar.isVetted === 'dependencies' ? ids.filter((id) => id !== main.packageId) : ids;
      vetted.push(...fresh.filter((id) => !vetted.includes(id)));
      vet();
    }
  }

  private contracts(run: ParticipantRun, parties: SeededParties): void {
    const { contracts, source } = this.scenario;
    const synchronizer = this.synchronizers.source.info.logicalId;
    const names = source.dars.filter((dar) => dar.isVetted === true).map((dar) => dar.name);
    const [main = 'lab-iou', second = main] = names;
    const seed = (
      count: number,
      among: readonly string[],
      { packageName = main, payer }: { packageName?: string; payer?: string | undefined } = {},
    ) => {
      if (count === 0 || among.length === 0) return;
      const { paddingBytes } = contracts;
      const partiesPerContract = payer === undefined ? contracts.partiesPerContract : 2;
      run.half.control.seed({
        count,
        packageName,
        parties: among,
        ...(payer !== undefined && { payer }),
        partiesPerContract,
        paddingBytes,
        synchronizer,
      });
    };
    const ofSecond = Math.floor(contracts.count / 4);
    seed(contracts.count - ofSecond, parties.local);
    seed(ofSecond, parties.local, { packageName: second });
    const [payer] = parties.local;
    seed(contracts.sharedWithForeign, parties.foreign, { payer });
    seed(contracts.ofMultiHosted, parties.multiHosted, { payer });
    seed(contracts.ofExternal, parties.external, { payer });
    seed(contracts.ofDecentralized, parties.decentralized, { payer });
    seed(contracts.ofJointlyConfirmed, parties.jointlyConfirmed, { payer });
    seed(contracts.ofDecentralizedShared, parties.decentralizedShared, { payer });
    seed(contracts.ofInOthersNamespace, parties.inOthersNamespace, { payer });
  }

  private tick(): bigint {
    this.time += 1000n;
    return this.time;
  }
}

function vaultSigner(run: ParticipantRun, id: string): Signer {
  const key = run.vault.list().find((one) => one.fingerprint === id)?.signing;
  if (!key) throw new Error(`the vault has no signing key ${id}`);
  return { id, key, sign: (hash) => run.vault.sign(id, hash) };
}

function namespaceSigner(run: ParticipantRun): Signer {
  return vaultSigner(run, run.vault.namespaceKey().fingerprint);
}

const SAMPLES = ['lab-iou', 'lab-other'];

/** Returns the bytes of a scenario's DAR: a real sample, or one built for its name. */
export function darBytes({ name, version, moduleName: given }: DarScenario): Buffer {
  if (SAMPLES.includes(name) && version === '1.0.0' && given === undefined) {
    return readFileSync(join(packageRoot(), 'sandbox', 'dars', `${name}-${version}.dar`));
  }
  const moduleName =
    given ?? name.replace(/(^|[-_])([a-z0-9])/g, (_all, _dash, letter: string) => letter.toUpperCase());
  const dependency = { name: `${name}-base`, version, moduleName: `${moduleName}Base` };
  return buildDar({ name, version, moduleName }, [dependency]);
}
