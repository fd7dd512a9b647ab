import { darBytes } from '../../sandbox/seeding.js';
import { readDar } from '../../sandbox/dar.js';
import type { ParticipantView } from '../../sandbox/index.js';
import type { Message } from '../../sandbox/wire.js';

/** What others do to the packages of a node while a migration runs, as its console would. */
export interface BroughtPackage {
  name: string;
  /** Of the DAR's main package. */
  packageId: string;
  /** Of the DAR and all it depends on. */
  packageIds: string[];
}

/** Uploads a DAR with a template of the sample's shape to a node, and vets all of it on its first synchronizer. */
export async function bringPackage(
  view: ParticipantView,
  name: string,
  { isVetted = true } = {},
): Promise<BroughtPackage> {
  const bytes = darBytes({ name, version: '1.0.0', isVetted: true });
  view.ledger.packages.add(bytes, `${name}-1.0.0.dar`);
  const { main, packages } = readDar(bytes);
  const packageIds = packages.map(({ packageId }) => packageId);
  if (isVetted) await vet(view, (vetted) => [...new Set([...vetted, ...packageIds])]);
  return { name, packageId: main.packageId, packageIds };
}

/** Takes packages off the vetted ones of a node on its first synchronizer. */
export async function unvet(view: ParticipantView, packageIds: readonly string[]): Promise<void> {
  await vet(view, (vetted) => vetted.filter((id) => !packageIds.includes(id)));
}

async function vet(view: ParticipantView, change: (vetted: string[]) => string[]): Promise<void> {
  const { port } = view.participant.node;
  const [{ logicalId } = { logicalId: '' }] = port.connected();
  const next = change([...port.vetted(logicalId)]);
  await port.vet(logicalId, next, { wait: true, allowsUnvettedDependencies: true });
}

/** The command that creates a contract of a brought package. */
export function creationOf({ name }: BroughtPackage, payer: string, owner: string): Message {
  const values = [{ party: payer }, { party: owner }, { int64: '7' }, { text: 'late' }];
  const create_arguments = { fields: values.map((value) => ({ value })) };
  return { create: { template_id: templateOf(name), create_arguments } };
}

/** The command by which the payer of such a contract ends it. */
export function settlementOf({ name }: BroughtPackage, contract_id: string): Message {
  const choice_argument = { record: { fields: [] } };
  return { exercise: { template_id: templateOf(name), contract_id, choice: 'Settle', choice_argument } };
}

function templateOf(name: string): Message {
  const moduleName = name.replace(/(^|-)([a-z])/g, (_all, _dash, letter: string) =>
    letter.toUpperCase(),
  );
  return { package_id: `#${name}`, module_name: moduleName, entity_name: 'Iou' };
}
