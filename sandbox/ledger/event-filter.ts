import type { Decoded } from '../wire.js';
import { CantonRefusal } from '../errors.js';
import type { Stakeholders } from './contract-index.js';
import type { Template } from './contract.js';

type Format = Decoded<'com.daml.ledger.api.v2.EventFormat'>;
type Filters = Decoded<'com.daml.ledger.api.v2.Filters'>;

interface PartyFilter {
  /** Its place in the request. */
  readonly place: number;
  /** Absent: every template. */
  readonly templates: readonly {
    readonly packageRef: string;
    readonly name: string;
    readonly hasBlob: boolean;
  }[];
  readonly isWildcard: boolean;
  readonly wildcardBlob: boolean;
}

/** Which contracts an `EventFormat` lets through and whom it names as witnesses. */
export class EventFilter {
  private readonly byParty = new Map<string, PartyFilter>();
  private readonly anyParty: PartyFilter | undefined;
  /** Whether arguments are shown with the id of their record and labels. */
  readonly isVerbose: boolean;

  constructor(format: Format | undefined) {
    const parties = Object.entries(format?.filters_by_party ?? {});
    for (const [party, filters] of parties)
      this.byParty.set(party, partyFilter(filters, this.byParty.size));
    const any = format?.filters_for_any_party;
    this.anyParty = any && partyFilter(any);
    this.isVerbose = format?.verbose === true;
    if (this.byParty.size === 0 && !this.anyParty) {
      throw new CantonRefusal({
        id: 'INVALID_ARGUMENT',
        category: 8,
        cause:
          'The submitted request has invalid arguments: filtersByParty and filtersForAnyParty cannot be empty simultaneously',
        definiteAnswer: false,
      });
    }
  }

  /** Whether nothing depends on the template: the stakeholders alone decide. */
  get isPlain(): boolean {
    const all = [...this.byParty.values(), ...(this.anyParty ? [this.anyParty] : [])];
    return all.every((filter) => filter.isWildcard);
  }

  /**
   * Returns how an event is shown, or undefined where it is filtered out.
   * Witnesses stand in the order of the request; with an any-party filter they are all stakeholders.
   */
  match(
    stakeholders: Stakeholders,
    template?: Template,
  ): { witnesses: string[]; hasBlob: boolean } | undefined {
    const named = stakeholders.all
      .flatMap((party) => {
        const filter = this.byParty.get(party);
        return filter && admits(filter, template) ? [{ party, filter }] : [];
      })
      .sort((one, other) => one.filter.place - other.filter.place);
    const witnesses = named.map(({ party }) => party);
    let hasBlob = named.some(({ filter }) => wantsBlob(filter, template));
    if (this.anyParty && admits(this.anyParty, template)) {
      hasBlob ||= wantsBlob(this.anyParty, template);
      return { witnesses: [...stakeholders.all], hasBlob };
    }
    return witnesses.length > 0 ? { witnesses, hasBlob } : undefined;
  }

  /** As the error messages of Canton show a filter. */
  describe(): string {
    const show = (filter: PartyFilter) =>
      `{templates: [], interfaces: [], all-templates, created_event_blob: ${filter.wildcardBlob}}`;
    const parts = [...this.byParty].map(([party, filter]) => `${party}: ${show(filter)}`);
    if (this.anyParty) parts.push(`anyParty: ${show(this.anyParty)}`);
    return `{${parts.join(', ')}}`;
  }
}

function partyFilter({ cumulative }: Filters, place = 0): PartyFilter {
  const wildcards = cumulative.filter((one) => one.wildcard_filter !== undefined);
  const templates = cumulative
    .map((one) => one.template_filter)
    .filter((one) => one !== undefined)
    .map((one) => {
      const { package_id = '', module_name = '', entity_name = '' } = one.template_id ?? {};
      const name = `${module_name}:${entity_name}`;
      return {
        packageRef: package_id,
        name,
        hasBlob: one.include_created_event_blob === true,
      };
    });
  return {
    place,
    templates,
    isWildcard: wildcards.length > 0 || templates.length === 0,
    wildcardBlob: wildcards.some((one) => one.wildcard_filter?.include_created_event_blob === true),
  };
}

function matching(filter: PartyFilter, template: Template | undefined) {
  if (!template) return [];
  const name = `${template.moduleName}:${template.entityName}`;
  const refs = [template.packageId, `#${template.packageName}`];
  return filter.templates.filter((one) => one.name === name && refs.includes(one.packageRef));
}

function admits(filter: PartyFilter, template: Template | undefined): boolean {
  return filter.isWildcard || matching(filter, template).length > 0;
}

function wantsBlob(filter: PartyFilter, template: Template | undefined): boolean {
  return filter.wildcardBlob || matching(filter, template).some((one) => one.hasBlob);
}
