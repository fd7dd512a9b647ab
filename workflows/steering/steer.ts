import type { UpdateDefinition } from '@temporalio/common';
import { setHandler } from '@temporalio/workflow';

import { refuseReset } from '../reset.js';
import { statusOf } from '../../model/migration-status.js';
import type { Migration } from '../../model/migration.js';
import type { MigrationStatus } from '../../model/steering.js';

/** Answers an update of operators with the status that it leads to, unless it is refused before it leaves a trace. */
export function steer<Input>(
  migration: Migration,
  update: UpdateDefinition<MigrationStatus, [Input]>,
  {
    description,
    refuse,
    act,
  }: {
    description: string;
    refuse: (input: Input) => void;
    act: (input: Input) => void | Promise<void>;
  },
): void {
  const handler = (input: Input) => {
    const done = act(input);
    return done ? done.then(() => statusOf(migration)) : statusOf(migration);
  };
  const validator = (input: Input) => {
    refuseReset(migration);
    refuse(input);
  };
  setHandler(update, handler, { validator, description });
}
