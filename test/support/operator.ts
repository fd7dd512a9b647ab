import { connectParticipant } from '../../canton/index.js';

/** Every client of a node, as another operator has them: whichever node answers, and without a source watch. */
export function operatorOf({ changing }: ReturnType<typeof connectParticipant>) {
  return changing(undefined, () => Promise.resolve());
}

/** The same over channels of its own. */
export function connectOperator(...args: Parameters<typeof connectParticipant>) {
  const access = connectParticipant(...args);
  return { ...operatorOf(access), close: () => access.close() };
}
