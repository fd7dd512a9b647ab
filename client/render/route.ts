import { counted } from '../../model/count.js';
import { isAwaited, notCompared } from '../../model/counter-participants.js';
import { isLive, type LivePlan, type MigrationPlan } from '../../model/plan.js';
import { indent, shortId, type Style } from './style.js';

/** Which way the contracts go and why; of the live route also what happens when, and who else compares. */
export function renderRoute(plan: MigrationPlan, style: Style): string[] {
  const { route } = plan;
  const lines = [
    `${style.bold(`Route: ${route.name}`)}, because ${shortId(route.reason)}`,
    '  Whoever approves the hash of this plan confirms this route',
  ];
  if (isLive(plan)) lines.push(indent(sequence(plan)), indent(comparison(plan)));
  return [lines.join('\n')];
}

function sequence({
  source,
  target,
  live: { joins, sourceSigns, targetSigns, signedByOthers, isProposalEffective },
}: LivePlan): string {
  const [old, its] = [source.name, target.name];
  const joining = joins ? `${its} joins ${source.synchronizer.alias}; ` : '';
  const [first, third] = isProposalEffective
    ? [
        `${its} gets DARs and users; nothing takes effect yet`,
        `${old} proposes the parties, which makes ${its} a host at once`,
      ]
    : [
        `${old} proposes the parties on ${its}, which gets DARs and users; nothing takes effect yet`,
        `${its} becomes a host`,
      ];
  const signed =
    signedByOthers > 0
      ? [`waits for others to sign for ${counted(signedByOthers, 'party', 'parties')}`]
      : [];
  // By the namespaces of the parties; of others the source takes itself off.
  const isForced = signedByOthers > 0 || sourceSigns.some((its) => !targetSigns.includes(its));
  const forced =
    isForced && targetSigns.length > 0 ? `; where ${its} has no key, ${old} removes itself` : '';
  return [
    `${joining}${first}`,
    ...signed,
    `gate target-backup: ${its} is disconnected, its database can be backed up`,
    `${third}; what ${old} has at that moment is copied, and compared before ${its} is connected again`,
    `${its} catches up; then both serve, and are compared once more`,
    `gate switch: the clients move; up to here an abort takes everything back`,
    `point of no return: ${targetSigns.length > 0 ? its : old} removes ${old} as host${forced}`,
  ]
    .map((step, index) => `${index + 1}. ${step}`)
    .join('\n');
}

function comparison({ source, live }: LivePlan): string {
  const { unreliable = [] } = live;
  const awaited = (uids: string[]) => uids.filter((uid) => isAwaited(uid, unreliable));
  const { before, after } = live.counterParticipants;
  const compared = (when: string, all: string[], uids = awaited(all)) =>
    uids.length === 0
      ? `No commitments are compared ${when}: no other participant shares a contract`
      : `Commitments have to match ${when} with ${uids.map(shortId).join(', ')}`;
  return [
    compared('before the gate switch', before),
    compared(`after the removal of ${source.name}`, after),
    ...notCompared(unreliable).map((line) => line[0]!.toUpperCase() + line.slice(1)),
  ].join('\n');
}
