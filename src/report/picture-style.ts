/**
 * The style of a picture. Colour comes third: shape, fill and words say the same without it, also in black and white.
 * Whatever is read has a contrast of at least 6 : 1, by daylight, in the dark and on paper; a test computes it.
 */
export const PICTURE_STYLE = `
:root{color-scheme:light dark;--bg:#ffffff;--ink:#1b1f24;--muted:#565e69;--blue:#1a56a8;--green:#1a6b35;--red:#b3261e;--grid:#dfe3e8}
@media screen and (prefers-color-scheme:dark){:root{--bg:#14181d;--ink:#eef2f6;--muted:#a3adb8;--blue:#90bdff;--green:#7ee0a0;--red:#ff9f94;--grid:#333b45}}
@media print{:root{color-scheme:light;--ink:#000000;--muted:#444a52;--blue:#0b3d80;--green:#0e4a22;--red:#8c1710;--grid:#c4c9cf}}
@media (forced-colors:active){:root{--bg:Canvas;--ink:CanvasText;--muted:CanvasText;--blue:CanvasText;--green:CanvasText;--red:CanvasText;--grid:GrayText}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1008px;padding:24px;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:28px;line-height:1.2;margin:0}
h2{font-size:20px;margin:40px 0 8px}
h3{font-size:16px;margin:24px 0 4px}
h3 span{font-weight:400}
p{margin:4px 0 8px}
header p,figcaption{max-width:75ch}
.quiet,footer,caption{color:var(--muted)}
.good{color:var(--green)}
.bad{color:var(--red)}
figure{margin:0 0 24px}
figcaption{margin-bottom:8px}
.scroll{overflow-x:auto}
.scroll:focus-visible{outline:2px solid var(--blue);outline-offset:4px}
table{border-collapse:collapse;width:100%;min-width:600px;margin:16px 0;font-size:14px;font-variant-numeric:tabular-nums;overflow-wrap:normal}
caption{text-align:left;padding:4px 0}
th,td{text-align:left;vertical-align:top;padding:5px 16px 5px 0;border-bottom:1px solid var(--grid)}
th{font-weight:600}
th.code{white-space:nowrap}
td.cut{overflow-wrap:anywhere}
.of-steps{table-layout:fixed;overflow-wrap:anywhere}
.of-steps th:first-child{width:56px}
.of-steps th:nth-child(2){width:72px}
.of-steps th:nth-child(3){width:38%}
.of-steps :is(th,td):nth-child(-n+2){text-align:right}
tr:target{outline:2px solid var(--blue);outline-offset:-1px}
ul{list-style:none;display:flex;flex-wrap:wrap;gap:4px 24px;padding:0;margin:8px 0;font-size:14px}
li{display:flex;align-items:center;gap:8px}
li svg{width:28px;height:20px;flex:none}
footer{margin-top:40px;border-top:1px solid var(--grid);padding-top:12px;font-size:14px}
svg{display:block;font:14px system-ui,sans-serif;font-variant-numeric:tabular-nums}
.scroll svg{width:100%;min-width:960px}
svg text{fill:var(--ink)}
svg .quiet,.axis text{fill:var(--muted)}
svg .bad{fill:var(--red)}
svg .strong{font-weight:600}
.axis text{font-size:12.5px;text-anchor:middle}
.grid,.rule{fill:none;stroke:var(--grid)}
.gate{fill:none;stroke:var(--muted);stroke-dasharray:1 4;stroke-width:2;stroke-linecap:round}
.full{fill:var(--ink)}
.ring{fill:var(--bg);stroke:var(--ink);stroke-width:2}
.wait{fill:none;stroke:var(--muted);stroke-width:1.5}
.cross{fill:none;stroke:var(--red);stroke-width:2.5;stroke-linecap:round}
.run{fill:none;stroke:var(--muted);stroke-width:6}
.bar{fill:var(--bg);stroke:var(--ink);stroke-width:2}
.bar.completed{fill:var(--green);stroke:var(--green)}
.bar.lost,.bar.late{stroke:var(--red);stroke-dasharray:4 3}
.bar.failed{stroke:var(--red)}
.written{fill:var(--blue);stroke:var(--blue);stroke-width:2}
.known{fill:var(--bg);stroke:var(--blue);stroke-width:2}
.steps{fill:none;stroke:var(--ink);stroke-width:2}
@media print{@page{size:A4;margin:14mm}body{padding:0;max-width:none;font-size:11pt}h2,h3{break-after:avoid}figure,tr,ul{break-inside:avoid}.scroll{overflow:visible}.scroll svg,table{min-width:0}svg{print-color-adjust:exact}}
`;
