import { defaultPayloadConverter, type PayloadConverter } from '@temporalio/common';

import { UNREADABLE } from './unreadable.js';

/**
 * Reads payloads in workflow code as the SDK does, and returns a marker for one that cannot be read.
 *
 * The SDK throws, which fails the workflow task, and the next one, for ever: one signal from outside would keep a
 * migration from answering. The marker is refused where it arrives: as a signal, an update, an argument or a result.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value, context, hint) => defaultPayloadConverter.toPayload(value, context, hint),
  fromPayload<T>(...[payload, context, hint]: Parameters<PayloadConverter['fromPayload']>): T {
    try {
      return defaultPayloadConverter.fromPayload<T>(payload, context, hint as never);
    } catch {
      return UNREADABLE as T;
    }
  },
};
