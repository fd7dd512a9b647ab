import { storedIou } from '../../sandbox/ledger/iou.js';
import { decodeBlob } from '../../sandbox/ledger/contract.js';
import { blobOf } from '../../sandbox/ledger/contract-file.js';
import type { ParticipantView } from '../../sandbox/index.js';
import type { Message } from '../../sandbox/wire.js';
import { call } from '../sandbox/wire-client.js';

const IOU = { package_id: '#lab-iou', module_name: 'LabIou', entity_name: 'Iou' };

/** Submits one command over the Ledger API, as an application does. */
export async function submit(view: ParticipantView, actAs: string, command: Message): Promise<void> {
  await call(view.ledgerAddress, 'commands', 'SubmitAndWait', {
    commands: { act_as: [actAs], command_id: `c-${Math.random()}`, user_id: 'app', commands: [command] },
  });
}

export function creation(payer: string, owner: string, note = 'traffic'): Message {
  const values = [{ party: payer }, { party: owner }, { int64: '7' }, { text: note }];
  return {
    create: {
      template_id: IOU,
      create_arguments: { fields: values.map((value) => ({ value })) },
    },
  };
}

function exercise(contract_id: string, choice: string, fields: Message[] = []): Message {
  const choice_argument = { record: { fields } };
  return { exercise: { template_id: IOU, contract_id, choice, choice_argument } };
}

/**
 * Runs ledger transactions on a node: creates, archives and transfers in turn, among contracts of `parties` that
 * follow the template of the sample DAR. Returns the ids of the contracts that were ended.
 */
export async function runTraffic(
  view: ParticipantView,
  parties: readonly string[],
  transactions: number,
): Promise<string[]> {
  const ended: string[] = [];
  const usable = view.contracts().filter((id) => iouOf(view, id) !== undefined);
  for (let n = 0; n < transactions; n++) {
    const [payer = '', owner = ''] = [parties[n % parties.length], parties[(n + 1) % parties.length]];
    const contractId = usable[ended.length];
    const iou = contractId === undefined ? undefined : iouOf(view, contractId);
    if (n % 3 === 0 || contractId === undefined || !iou) {
      await submit(view, payer, creation(payer, owner));
      continue;
    }
    if (n % 3 === 1) await submit(view, iou.payer, exercise(contractId, 'Settle'));
    else {
      const next = [{ label: 'newOwner', value: { party: payer } }];
      await submit(view, iou.owner, exercise(contractId, 'Transfer', next));
    }
    ended.push(contractId);
  }
  return ended;
}

/** Settles every contract of the sample template that one of the parties has to pay, unless somebody is faster. */
export async function settle(view: ParticipantView, parties: readonly string[]): Promise<void> {
  for (const contractId of view.contracts()) {
    const payer = iouOf(view, contractId)?.payer;
    if (payer !== undefined && parties.includes(payer)) {
      await submit(view, payer, exercise(contractId, 'Settle')).catch(() => undefined);
    }
  }
}

/** Only contracts of the sample template can be exercised. */
function iouOf(view: ParticipantView, contractId: string) {
  const { ledger } = view.ledger;
  const slot = ledger.find(contractId);
  if (slot === undefined) return undefined;
  const { template, argumentBytes } = decodeBlob(blobOf(ledger.read(slot)));
  return template.packageName === 'lab-iou' ? storedIou(argumentBytes) : undefined;
}

/** Lets the payer of one contract of the sample template settle it, as an application does; returns which one. */
export async function settleOne(view: ParticipantView): Promise<string> {
  const contractId = view.contracts().find((id) => iouOf(view, id) !== undefined);
  if (contractId === undefined) throw new Error(`${view.name} has no contract that can be settled`);
  await submit(view, iouOf(view, contractId)!.payer, exercise(contractId, 'Settle'));
  return contractId;
}
