import type { PartyAnnotations } from '../../model/participant.js';
import type { PartyDetailsChanges } from '../../model/participant-changes.js';
import type { PartyDetailsReads } from '../../model/participant-reads.js';
import type { Channel } from '../channel.js';
import { PartyManagementService } from '../gen/com/daml/ledger/api/v1/admin/party_management_service_pb.js';
import { pagesOf } from '../pages.js';

/** The most a participant lists at once. Source: proto PartyManagementService. */
const PAGE_SIZE = 10_000;

/** Reads and changes what a participant keeps of parties beside their topology. Source: proto PartyManagementService. */
export class PartyDetails implements PartyDetailsReads, PartyDetailsChanges {
  constructor(private readonly channel: Channel) {}

  /** Canton shows annotations only to the identity provider of the party; the default one sees its name. */
  async listAnnotations(identityProvider: string): Promise<PartyAnnotations[]> {
    const found: PartyAnnotations[] = [];
    const pages = pagesOf(
      this.channel,
      PartyManagementService.method.listKnownParties,
      (pageToken) => ({ identityProviderId: identityProvider, pageSize: PAGE_SIZE, pageToken }),
      ({ nextPageToken }) => nextPageToken,
    );
    for await (const { partyDetails } of pages) {
      for (const { party, localMetadata, identityProviderId } of partyDetails) {
        const annotations = localMetadata?.annotations ?? {};
        if (identityProviderId === '' && Object.keys(annotations).length === 0) continue;
        found.push({ party, identityProvider: identityProviderId, annotations });
      }
    }
    return found;
  }

  /** Fails as refused with `PARTY_NOT_FOUND` unless the party is local. */
  async annotate(party: string, annotations: Record<string, string>): Promise<void> {
    await this.channel.unary(PartyManagementService.method.updatePartyDetails, {
      partyDetails: { party, localMetadata: { annotations } },
      updateMask: { paths: ['local_metadata.annotations'] },
    });
  }
}
