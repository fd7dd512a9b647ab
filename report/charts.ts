import { scaleLinear, scaleUtc } from 'd3-scale';
import { area, line } from 'd3-shape';

import { count } from '../model/count.js';
import { duration } from '../model/duration.js';
import { PHASES, PREPARATION, WITHDRAWAL, type Stage } from '../model/phase.js';
import type { RunReport } from '../model/report.js';
import type { MigrationState } from '../model/steering.js';
import { html, NOTHING, type Html } from './markup.js';
import { outageOf, spansIn, type Span } from './times.js';

/** Drawn twice: text of a chart that is made smaller cannot be read on a phone. */
const WIDTHS = { wide: 760, narrow: 330 } as const;
type Layout = keyof typeof WIDTHS;

const TICK_EVERY: Record<Layout, number> = { wide: 150, narrow: 110 };
const LABELS_WIDE = 190;
const LANE: Record<Layout, number> = { wide: 26, narrow: 38 };
const BAR = 14;
const AXIS = 26;
const MARGIN = 14;
const EDGE = 30;
/** A span that is shorter is drawn as wide as this. */
const LEAST_WIDTH = 2;
const CONTRACTS_HEIGHT = 200;

const STAGES: readonly Stage[] = [PREPARATION, ...PHASES, WITHDRAWAL];

/** How the states are drawn, and what they are called in the legend. */
export const KINDS = {
  working: 'at work',
  waiting: 'waiting for operators',
  stopped: 'stopped by a failure',
  undoing: 'taking back',
} as const;
type Kind = keyof typeof KINDS;

const KIND_OF: Record<MigrationState, Kind> = {
  running: 'working',
  'waiting-for-approval': 'waiting',
  paused: 'waiting',
  stopped: 'stopped',
  failed: 'stopped',
  aborting: 'undoing',
  aborted: 'undoing',
  watching: 'working',
  migrated: 'working',
  delegated: 'waiting',
};

/** The phases of a time, the freeze marked. */
export function timeLineChart(report: RunReport, range: [number, number], writtenAt: number): Html {
  const spans = spansIn(report, range);
  const outage = outageOf(report, writtenAt);
  return html`<figure>
    ${layouts((layout) => timeLine(spans, range, outage, layout))}
    <figcaption>
      ${legendOf(spans)}${outage ? html`<span class="key"><i class="outage"></i>nobody serves</span>` : NOTHING}<span
        class="key"
        >times are UTC</span
      >
    </figcaption>
  </figure>`;
}

function layouts(draw: (layout: Layout) => Html): Html {
  return html`<div class="wide">${draw('wide')}</div>
    <div class="narrow">${draw('narrow')}</div>`;
}

function legendOf(spans: readonly Span[]): Html[] {
  const kinds = new Set(spans.map(({ state }) => KIND_OF[state]));
  return (Object.keys(KINDS) as Kind[])
    .filter((kind) => kinds.has(kind))
    .map((kind) => html`<span class="key"><i class="${kind}"></i>${KINDS[kind]}</span>`);
}

function timeLine(
  spans: readonly Span[],
  range: [number, number],
  outage: [number, number] | undefined,
  layout: Layout,
): Html {
  const width = WIDTHS[layout];
  const left = layout === 'wide' ? LABELS_WIDE : 0;
  const stages = STAGES.filter((stage) => spans.some((its) => its.stage === stage));
  const lane = LANE[layout];
  const bottom = stages.length * lane + 4;
  const x = scaleUtc()
    .domain(range)
    .range([left, width - MARGIN]);
  const label = (stage: Stage, at: number) => {
    const y = layout === 'wide' ? at * lane + BAR + 1 : at * lane + BAR;
    return html`<text class="label" x="0" y="${y}">${stage}</text>`;
  };
  const bar = ({ stage, state, from, until }: Span) => {
    const top = stages.indexOf(stage) * lane + (layout === 'wide' ? 4 : lane - BAR - 2);
    const wide = Math.max(x(until) - x(from), LEAST_WIDTH);
    return html`<rect
      class="${KIND_OF[state]}"
      x="${round(x(from))}"
      y="${top}"
      width="${round(wide)}"
      height="${BAR}"
      rx="2"
      ><title>
        ${stage}, ${KINDS[KIND_OF[state]]}: ${duration(until - from)} from
        ${new Date(from).toISOString()}
      </title></rect
    >`;
  };
  return html`<svg
    viewBox="0 0 ${width} ${bottom + AXIS}"
    role="img"
    aria-label="phases of the migration on a time line"
  >
    ${outageBand(outage, range, x, bottom)}${axis(range, layout, left, bottom)} ${stages.map(label)}
    ${spans.map(bar)}
  </svg>`;
}

/** Where nobody serves; also where it is shorter than the chart can show. */
function outageBand(
  outage: [number, number] | undefined,
  [first, last]: [number, number],
  x: (at: number) => number,
  height: number,
): Html {
  if (!outage || outage[0] > last || outage[1] < first) return NOTHING;
  const from = x(Math.max(outage[0], first));
  const wide = Math.max(x(Math.min(outage[1], last)) - from, LEAST_WIDTH);
  return html`<rect class="outage" x="${round(from)}" y="0" width="${round(wide)}" height="${height}"
    ><title>nobody serves: ${duration(outage[1] - outage[0])}</title></rect
  >`;
}

function axis(range: [number, number], layout: Layout, left: number, bottom: number): Html {
  const width = WIDTHS[layout];
  const x = scaleUtc()
    .domain(range)
    .range([left, width - MARGIN]);
  const ticks = x
    .ticks(Math.max(2, Math.floor((width - left) / TICK_EVERY[layout])))
    // At an edge its text would be cut off.
    .filter((at) => x(at) > left + EDGE / 2 && x(at) < width - EDGE);
  const format = tickFormat(range);
  const tick = (at: Date) => {
    const px = round(x(at));
    return html`<line class="grid" x1="${px}" x2="${px}" y1="0" y2="${bottom}" /><text
        class="tick"
        x="${px}"
        y="${bottom + 16}"
        text-anchor="middle"
        >${format(at)}</text
      >`;
  };
  return html`${ticks.map(tick)}<line
      class="axis"
      x1="${left}"
      x2="${width - MARGIN}"
      y1="${bottom}"
      y2="${bottom}"
    />`;
}

const DAY_MS = 86_400_000;
const MINUTES_MS = 600_000;

/** As exact as the time is short. */
function tickFormat([from, until]: [number, number]): (at: Date) => string {
  const length = until - from;
  if (length > 3 * DAY_MS) return (at) => at.toISOString().slice(5, 10);
  if (length > DAY_MS) return (at) => at.toISOString().slice(5, 16).replace('T', ' ');
  if (length > MINUTES_MS) return (at) => at.toISOString().slice(11, 16);
  if (length > 4_000) return (at) => at.toISOString().slice(11, 19);
  return (at) => at.toISOString().slice(11, 21);
}

/** Contracts in the target over the time of the copy; nothing if there was none. */
export function contractsChart(report: RunReport, writtenAt: number): Html {
  const { samples } = report.timeline;
  const [first] = samples;
  const most = Math.max(0, ...samples.map(({ contracts }) => contracts));
  if (!first || most === 0) return NOTHING;
  const last = samples.find(({ contracts }) => contracts === most)!;
  // Before the first sample there was nothing, from the begin of the step that copies on.
  const begun = report.timeline.steps.find(({ name }) => COPIES.includes(name))?.begunAt;
  const from = Math.min(begun ?? first.at, first.at);
  const points = [
    ...(from < first.at ? [{ at: from, contracts: 0 }] : []),
    ...samples.filter(({ at }) => at <= last.at),
  ];
  const range: [number, number] = [from, Math.max(last.at, from + 1)];
  const outage = outageOf(report, writtenAt);
  return html`<figure>
    ${layouts((layout) => contractsOver(points, range, outage, layout))}
    <figcaption>${count(most)} contracts within ${duration(range[1] - range[0])}</figcaption>
  </figure>`;
}

/** Steps that copy contracts, on either route. */
const COPIES = ['copy-ahead', 'copy-contracts'];

function contractsOver(
  points: readonly { at: number; contracts: number }[],
  range: [number, number],
  outage: [number, number] | undefined,
  layout: Layout,
): Html {
  const width = WIDTHS[layout];
  const most = Math.max(...points.map(({ contracts }) => contracts));
  const bottom = CONTRACTS_HEIGHT;
  const y = scaleLinear().domain([0, most]).nice(4).range([bottom, 14]);
  const ticks = y.ticks(4);
  const left = 10 + 7 * Math.max(...ticks.map((value) => count(value).length));
  const x = scaleUtc()
    .domain(range)
    .range([left, width - MARGIN]);
  const xOf = ({ at }: { at: number }) => round(x(at));
  const yOf = ({ contracts }: { contracts: number }) => round(y(contracts));
  const its = [...points];
  const filled = area<(typeof its)[number]>().x(xOf).y0(bottom).y1(yOf)(its) ?? '';
  const drawn = line<(typeof its)[number]>().x(xOf).y(yOf)(its) ?? '';
  return html`<svg
    viewBox="0 0 ${width} ${bottom + AXIS}"
    role="img"
    aria-label="contracts imported into the target over time"
  >
    ${outageBand(outage, range, x, bottom)}${axis(range, layout, left, bottom)}
    ${ticks.map((value) => html`<line class="grid" x1="${left}" x2="${width - MARGIN}" y1="${round(y(value))}" y2="${round(y(value))}" /><text class="tick" x="${left - 6}" y="${round(y(value)) + 4}" text-anchor="end">${count(value)}</text>`)}
    <path class="area" d="${filled}" />
    <path class="line" d="${drawn}" />
  </svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
