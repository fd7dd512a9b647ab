import assert from 'node:assert/strict';

import { fingerprint } from '../../sandbox/crypto.js';
import type { ParticipantView, Sandbox } from '../../sandbox/index.js';
import type { PartyToParticipant } from '../../sandbox/topology/mapping.js';
import { ADD } from '../../sandbox/topology/transaction.js';
import { stakeholdersOf } from './ledger-changes.js';

const CONFIRMING = ['PARTICIPANT_PERMISSION_SUBMISSION', 'PARTICIPANT_PERMISSION_CONFIRMATION'];

/**
 * What holds at every moment of a live migration, looked at whenever a call reaches a node: each party has as
 * many hosts that confirm as its threshold, the other hosts and its keys stay, and the target is no full host
 * before it has the contracts.
 */
export class HostingLaw {
  /** What was broken, and when first. */
  private readonly broken = new Map<string, string>();
  private readonly before: Map<string, PartyToParticipant>;
  private readonly contracts: Map<string, string[]>;
  private readonly end: () => void;

  /** From now on. Until {@link assertHeld} nobody but a migration changes a contract. */
  constructor(
    private readonly sandbox: Sandbox,
    parties: readonly string[],
  ) {
    const { source } = sandbox.participants;
    this.before = new Map(parties.map((party) => [party, this.history(party).at(-1)!]));
    this.contracts = new Map(parties.map((party) => [party, contractsOf(source, party)]));
    const { faults } = sandbox;
    const enter = faults.enter.bind(faults);
    faults.enter = (call, signal) => {
      this.look(`before ${call.participant} ${call.method}`);
      return enter(call, signal);
    };
    this.end = () => void (faults.enter = enter);
  }

  /** Ends the watch. What was in effect between two calls is looked at now, too. */
  assertHeld(): void {
    this.end();
    for (const party of this.before.keys())
      for (const state of this.history(party)) this.checkHosts(state, 'by the history of topology');
    this.look('in the end');
    for (const view of this.views()) {
      const ids = view.contracts();
      if (new Set(ids).size < ids.length) this.note('in the end', `${view.name} has a contract twice`);
      if (view.isDamaged()) this.note('in the end', `${view.name} is destroyed`);
    }
    assert.deepEqual([...this.broken], []);
  }

  private look(when: string): void {
    const { target } = this.sandbox.participants;
    for (const [party, contracts] of this.contracts) {
      const state = this.history(party).at(-1)!;
      this.checkHosts(state, when);
      const host = state.participants.find((its) => its.participant_uid === this.uids()['target']);
      const hosting = this.views().filter(({ name }) => this.isHost(state, name));
      for (const { name } of hosting.filter((view) => lacks(view, party, contracts))) {
        if (name !== target.name) this.note(when, `${name} lost a contract of ${party}`);
        else if (!host?.onboarding)
          this.note(when, `the target is a full host of ${party} and lacks a contract`);
        else if (target.connected().length > 0)
          this.note(when, `the target is connected and lacks a contract of ${party}`);
      }
    }
  }

  private checkHosts(state: PartyToParticipant, when: string): void {
    const { party, threshold = 1, participants } = state;
    const before = this.before.get(party)!;
    const confirming = participants.filter(
      ({ permission, onboarding }) => CONFIRMING.includes(permission) && !onboarding,
    );
    if (confirming.length < threshold)
      this.note(when, `${party} has ${confirming.length} confirming hosts of ${threshold}`);
    if (this.restOf(state) !== this.restOf(before))
      this.note(when, `other hosts, threshold or keys of ${party} are not as they were`);
  }

  /** What a migration leaves alone. */
  private restOf({ threshold, participants, party_signing_keys }: PartyToParticipant): string {
    const moving = Object.values(this.uids());
    const others = participants.filter((its) => !moving.includes(its.participant_uid));
    const keys = party_signing_keys?.keys.map(({ public_key }) => fingerprint(public_key));
    return JSON.stringify([threshold, others.map(named), keys, party_signing_keys?.threshold]);
  }

  private note(when: string, what: string): void {
    if (!this.broken.has(what)) this.broken.set(what, when);
  }

  private isHost({ participants }: PartyToParticipant, name: string): boolean {
    const uid = this.uids()[name];
    return participants.some((its) => its.participant_uid === uid);
  }

  private readonly known: Record<string, string> = {};

  /** Also of a node that is down. */
  private uids(): Record<string, string> {
    const { source, target } = this.sandbox.participants;
    if (source.isUp) this.known['source'] ??= source.uid;
    if (target.isUp) this.known['target'] ??= target.uid;
    return this.known;
  }

  private views(): ParticipantView[] {
    const { source, target } = this.sandbox.participants;
    return [source, target].filter(({ isUp }) => isUp);
  }

  /** Every hosting of the party that was ever in effect, or will be. */
  private history(party: string): PartyToParticipant[] {
    const { store } = this.sandbox.synchronizers.source;
    return store
      .history(`ptp/${party}`)
      .filter(({ isProposal, transaction }) => !isProposal && transaction.operation === ADD)
      .flatMap(({ transaction: { mapping } }) => (mapping.code === 'ptp' ? [mapping.value] : []));
  }
}

function named({ participant_uid, permission, onboarding }: PartyToParticipant['participants'][number]) {
  return [participant_uid, permission, onboarding !== undefined];
}

function contractsOf(view: ParticipantView, party: string): string[] {
  return view.contracts().filter((id) => stakeholdersOf(view, id).includes(party));
}

function lacks(view: ParticipantView, party: string, contracts: readonly string[]): boolean {
  const held = new Set(contractsOf(view, party));
  return contracts.some((id) => !held.has(id));
}
