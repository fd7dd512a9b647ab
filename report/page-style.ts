/** Of the page: light and dark as the reader has it, narrow and printed. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --paper: #fbfbfa; --card: #ffffff; --ink: #1c2024; --soft: #5c6670; --rule: #dcdfe3;
  --working: #2f6fdb; --waiting: #d79a1c; --stopped: #cf3b3b; --undoing: #8a56c7; --good: #1a7f4b; --bad: #c02f2f;
  --outage: rgb(207 59 59 / .16); --area: rgb(47 111 219 / .16); }
@media (prefers-color-scheme: dark) { :root { --paper: #14171a; --card: #1c2024; --ink: #e6e8ea; --soft: #9aa4ae; --rule: #343a41;
  --working: #6aa1ff; --waiting: #e2b04a; --stopped: #ff7b7b; --undoing: #b78cf0; --good: #5ccb94; --bad: #ff8585;
  --outage: rgb(255 123 123 / .2); --area: rgb(106 161 255 / .2); } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
main { max-width: 880px; margin: 0 auto; padding: 28px 20px 48px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 0 0 10px; }
section { margin: 32px 0 0; }
p { margin: 0 0 8px; }
ul, ol { margin: 0; padding-left: 22px; }
li { margin: 0 0 5px; overflow-wrap: anywhere; }
.soft, figcaption, dt, .why { color: var(--soft); }
.good { color: var(--good); } .bad { color: var(--bad); }
.outcome { display: inline-block; padding: 2px 10px; margin: 0 0 10px; border: 1px solid currentColor; border-radius: 999px; font-weight: 600; font-size: 13px; }
.figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; margin: 20px 0 0; }
.figure { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 12px 14px; min-width: 0; }
.figure b { display: block; font-size: 21px; line-height: 1.3; font-variant-numeric: tabular-nums; }
.figure span { color: var(--soft); font-size: 13px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: 13px; }
th, td { padding: 6px 14px 6px 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
td { overflow-wrap: anywhere; min-width: 68px; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
td p { margin: 0; }
th.number { text-align: right; } .time { white-space: nowrap; }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 3px 16px; margin: 12px 0 0; font-size: 14px; }
dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 0; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 14px; }
figure + figure, figure + p, p + figure, h3 { margin-top: 14px; }
h3 { font-size: 14px; margin-bottom: 8px; font-weight: 600; }
figcaption { font-size: 13px; margin-top: 6px; }
svg { display: block; width: 100%; height: auto; font: 12px system-ui, sans-serif; }
svg text { fill: var(--soft); } svg .label { fill: var(--ink); font-size: 13px; }
.grid { stroke: var(--rule); stroke-width: 1; } .axis { stroke: var(--soft); }
.working { fill: var(--working); background: var(--working); } .waiting { fill: var(--waiting); background: var(--waiting); }
.stopped { fill: var(--stopped); background: var(--stopped); } .undoing { fill: var(--undoing); background: var(--undoing); }
.outage { fill: var(--outage); background: var(--outage); }
.area { fill: var(--area); } .line { fill: none; stroke: var(--working); stroke-width: 2; stroke-linejoin: round; }
.key { display: inline-block; margin-right: 16px; } .key i { display: inline-block; width: 11px; height: 11px; border-radius: 2px; margin-right: 6px; }
.narrow { display: none; }
footer { margin-top: 40px; padding-top: 14px; border-top: 1px solid var(--rule); font-size: 13px; color: var(--soft); }
@media (max-width: 620px) { main { padding: 18px 14px 36px; } h1 { font-size: 21px; } .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px; }
  .figure b { font-size: 18px; } .wide { display: none; } .narrow { display: block; } dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dd { margin-bottom: 6px; } figure { padding: 10px; }
  thead { display: none; } table, tbody, tr { display: block; } tr { padding: 8px 0; border-bottom: 1px solid var(--rule); }
  td, td.number { display: grid; grid-template-columns: 92px minmax(0, 1fr); border: 0; padding: 1px 0; text-align: left; }
  td::before { content: attr(data-head); color: var(--soft); } td > * { grid-column: 2; } td:empty { display: none; } }
@media print { :root { --paper: #fff; } body { font-size: 12px; } section, figure { break-inside: avoid; } section.long { break-inside: auto; } }
`;
