import { connectParticipant } from '../../canton/index.js';
import { ChannelReader } from '../../worker/channel-entries.js';
import { substituteEnvironment } from '../../worker/environment.js';
import { answered } from '../answer-limit.js';
import { connectFailure } from '../doctor/apis.js';
import type { ApiEntry, NodeAnswers } from './questions.js';

/** What a node says of its synchronizers, or why it could not be asked. */
export interface Known {
  /** By alias, the connected ones first. */
  synchronizers: { value: string; name: string }[];
  problem?: string;
}

/** Asks a participant which synchronizers it is connected to. Paths are relative to `folder`. Changes nothing. */
export async function readSynchronizers(node: NodeAnswers, folder: string): Promise<Known> {
  try {
    return { synchronizers: await readRegistered(node, folder) };
  } catch (error) {
    return { synchronizers: [], problem: (error as Error).message };
  }
}

async function readRegistered({ name, ...apis }: NodeAnswers, folder: string) {
  const { value, problems } = substituteEnvironment(apis, process.env);
  if (problems.length > 0) throw new Error(problems.join('; '));
  const { admin, ledger } = value as Record<'admin' | 'ledger', ApiEntry>;
  const reader = new ChannelReader(folder);
  const channels = { admin: reader.channel(admin, 'admin'), ledger: reader.channel(ledger, 'ledger') };
  if (reader.problems.length > 0) throw new Error(reader.problems.join('; '));
  for (const { address } of [admin, ledger]) {
    const failure = await connectFailure(address);
    if (failure) throw new Error(`${address}: ${failure.what}`);
  }
  const node = connectParticipant(name, channels);
  try {
    const registered = await answered(node.reading().synchronizers.listRegistered());
    return registered
      .filter(({ logicalId }) => logicalId !== '')
      .sort((one, other) => Number(other.isConnected) - Number(one.isConnected))
      .map(({ alias, logicalId, isConnected }) => ({
        value: alias,
        name: `${alias} (${logicalId})${isConnected ? '' : ', not connected'}`,
      }));
  } finally {
    node.close();
  }
}
