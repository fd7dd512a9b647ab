import { count, listed } from './count.js';
import type { LiveRecord } from './live.js';
import { countOf, type Listed } from './listed.js';
import { isLive, isReverse, type MigrationPlan } from './plan.js';
import { namedParties, partiesOf } from './plan-parties.js';
import type { Explained } from './report.js';

/**
 * What the operator still has to do by hand when the source watch is closed, the most urgent first.
 *
 * Source: admin-api 5.9.
 */
export function leftToDo(plan: MigrationPlan, live?: Pick<LiveRecord, 'staying'>): Explained[] {
  if (isLive(plan)) return leftToDoLive(plan, live?.staying ?? partiesOf(plan, 'staying'));
  const { source, target, contracts } = plan;
  const staying = partiesOf(plan, 'staying');
  const others =
    countOf(contracts.sharedWith) > 0
      ? `, among them those that host ${namedParties(contracts.sharedWith)}`
      : '';
  return [
    ...(countOf(staying) > 0
      ? [
          {
            what: `deal with the parties that stay on ${source.name}, before its process is stopped: ${namedParties(staying)}`,
            why: 'it is parked and serves nobody any more',
          },
        ]
      : []),
    {
      what: `stop the process of ${source.name} for good, and remove what starts it`,
      why: 'nobody monitors it any more: anybody with access to its Admin API can connect it again, and the same contracts would be served twice',
    },
    {
      what: `keep the database of ${source.name}`,
      why: 'transaction history, update ids, offsets and its pruning state are nowhere else',
    },
    ...leftTraffic(plan),
    // On the reverse migration the root key belongs to the target, which serves again.
    ...(isReverse(plan) ? [] : retireRootKey(plan)),
    {
      what: `tell the operators of the other participants on ${source.synchronizer.logicalId}${others} to stop waiting for commitments: SetNoWaitCommitmentsFrom with counter_participant_ids ["PAR::${source.uid}"] and synchronizer_ids ["${source.synchronizer.logicalId}"]`,
      why: 'a participant that shared contracts with the source waits for its commitments forever, and cannot prune until it is told not to',
    },
    tokens(plan),
    {
      what: `point the applications at ${target.name}, with new offsets; remove the users of ${source.name} and their tokens`,
      why: 'an application that still reaches the source works on void contracts; offsets and update ids are those of another ledger',
    },
    {
      what: `exercise a consuming choice on an imported contract on ${target.name}`,
      why: 'a ping proves that the node serves, not that the application does',
    },
  ];
}

/** The source goes on serving whoever else it hosts. */
function leftToDoLive(plan: MigrationPlan, staying: Listed<string>): Explained[] {
  const { source, target } = plan;
  return [
    {
      what: `stop everything that reads the moved parties from ${source.name}, and remove its users for them and their tokens`,
      why: 'it goes on answering with the contracts it had at the removal, which nobody updates any more',
    },
    countOf(staying) > 0
      ? {
          what: `deal with the parties that stay on ${source.name}: ${namedParties(staying)}`,
          why: 'it has to go on serving until they have moved too, or are not needed any more',
        }
      : {
          what: `stop the process of ${source.name} for good, and remove what starts it`,
          why: 'it serves nobody any more, and can still propose topology for the namespace',
        },
    {
      what: `keep the database of ${source.name}`,
      why: 'transaction history, update ids and completions from before are nowhere else',
    },
    ...(countOf(staying) > 0 ? keptWhileServing(plan) : [...leftTraffic(plan), ...retireRootKey(plan)]),
    tokens(plan),
    {
      what: `point whatever reads by offset at ${target.name}, with new offsets`,
      why: 'offsets and update ids are those of another participant',
    },
  ];
}

/** Purchases belong to the member that they were made for. */
function leftTraffic({ source, target, traffic }: MigrationPlan): Explained[] {
  const its = traffic?.source;
  if (!its) return [];
  const amount = its.purchased > 0 ? `: about ${count(its.purchased)} bytes when it was planned` : '';
  return [
    {
      what: `stop buying traffic for ${source.name}, and buy it for ${target.name}`,
      why: `what was purchased for ${source.name} stays with it${amount}, and cannot be transferred`,
    },
  ];
}

/** What a source that goes on serving still needs, however the parties that moved are signed for. */
function keptWhileServing({ source, target, traffic }: MigrationPlan): Explained[] {
  return [
    ...(traffic?.source
      ? [
          {
            what: `buy traffic for ${target.name} as well as for ${source.name}`,
            why: `what was purchased for ${source.name} stays with it, and it needs less from now on`,
          },
        ]
      : []),
    {
      what: `leave the root key where it is until ${source.name} serves nobody any more; then retire it`,
      why: `${source.name} signs with it what it vets, and the topology of the parties that stay`,
    },
  ];
}

/** Nothing where the parties went back to the node whose root key it is. */
function retireRootKey({ source, target, namespaces }: MigrationPlan): Explained[] {
  const others = namespaces.filter(({ namespace }) => namespace !== target.namespace);
  if (others.length === 0) return [];
  const retired = others.map(({ namespace }) => namespace);
  const intermediate = [...new Set(others.flatMap(({ sourceKeys = [] }) => sourceKeys))];
  return [
    {
      what: `retire the root key ${listed(retired)}: delete it from the vault of ${source.name} if it is there, keep the offline copy`,
      why: 'with it the source could still propose topology for every party; the offline copy signs what only the root can, such as a new delegation',
    },
    ...(intermediate.length > 0
      ? [
          {
            what: `delete the keys ${listed(intermediate)} from the vault of ${source.name}, and from its KMS if they are there`,
            why: `the root key has let them sign for ${listed(retired)}: with them the source could still propose topology for every party`,
          },
        ]
      : []),
  ];
}

const AUDIENCE = 'https://daml.com/jwt/aud/participant/';

function tokens({ source, target }: MigrationPlan): Explained {
  return {
    what: `give the clients tokens for ${target.name}: of the audience ${AUDIENCE}${target.uid} in place of ${AUDIENCE}${source.uid}, or of the one that its auth-services name`,
    why: 'a participant refuses a token whose audience is another participant',
  };
}
