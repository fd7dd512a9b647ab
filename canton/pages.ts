import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';

import type { Channel } from './channel.js';

/** Of up to 10,000 entries each. More than any node has; who goes on names pages without an end. */
const MAX_PAGES = 200;

/** Yields the pages of a list, one after the other. Fails as refused where they do not end. */
export async function* pagesOf<I extends DescMessage, O extends DescMessage>(
  channel: Channel,
  method: DescMethodUnary<I, O>,
  request: (pageToken: string) => MessageInitShape<I>,
  tokenOf: (page: MessageShape<O>) => string,
): AsyncGenerator<MessageShape<O>, void, undefined> {
  let pageToken = '';
  for (let count = 1; count <= MAX_PAGES; count++) {
    const page = await channel.unary(method, request(pageToken));
    yield page;
    pageToken = tokenOf(page);
    if (!pageToken) return;
  }
  throw channel.refuse(method, `more than ${MAX_PAGES} pages of one list`);
}
