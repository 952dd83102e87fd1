// The report's style sheet. It stands inside the file: a report opens anywhere, without a network, and runs no script. Two columns on a
// desk, one on a phone, and paper when it is printed.
import { paletteCss } from './palette.ts';
import { FONT } from './plot-frame.ts';

export const STYLE = `${paletteCss(':root')}
*{box-sizing:border-box}
html{background:var(--paper);-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:72rem;padding:2.5rem 1.5rem 4rem;color:var(--ink);font:1rem/1.6 ${FONT};overflow-wrap:anywhere}
h1,h2,h3{line-height:1.25;margin:0;font-weight:600}
h1{font-size:clamp(1.5rem,1.2rem + 1.6vw,2.125rem)}
h2{font-size:1.25rem}
h3{font-size:1rem}
p{margin:0}
.soft,figcaption,.lead{color:var(--ink-soft)}
.soft,figcaption{font-size:.875rem}
header{border-bottom:2px solid var(--blue);padding-bottom:1rem}
header .soft{margin-top:.375rem}
.cut header{border-bottom-style:dashed;border-color:var(--copper)}
.answer{margin:1.75rem 0 0;max-width:48rem;font-size:clamp(1.125rem,1rem + .7vw,1.375rem);line-height:1.45}
.answer+.answer{margin-top:.5rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:1rem 1.5rem;margin:1.75rem 0 0;padding:0}
.figures div{border-left:2px solid var(--hairline);padding-left:.875rem}
.figures dt{color:var(--ink-soft);font-size:.875rem}
.figures dd{margin:0;font-size:1.625rem;line-height:1.25;font-variant-numeric:tabular-nums}
.note{margin:1.5rem 0 0;padding:.75rem 1rem;border-left:3px solid var(--copper);background:var(--copper-wash);max-width:60rem}
.note ul{margin:.25rem 0 0;padding-left:1.25rem}
section{margin-top:3rem}
.lead{max-width:48rem;margin-top:.25rem}
.plots{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:2rem 2.5rem;margin-top:1.25rem}
figure{margin:0;break-inside:avoid;max-width:40rem}
figure svg{display:block;width:100%;height:auto;margin:.5rem 0 .25rem}
figure .narrow{display:none}
.signs{display:flex;flex-wrap:wrap;gap:.125rem 1.25rem;margin:1rem 0 0;padding:0;list-style:none;font-size:.875rem;color:var(--ink-soft)}
.signs b{color:var(--blue);font-weight:400;margin-right:.375rem}
.table{overflow-x:auto;margin-top:1.25rem}
table{border-collapse:collapse;width:100%;font-size:.875rem;line-height:1.45}
th,td{overflow-wrap:normal;padding:.4375rem 1.25rem .4375rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--hairline)}
th{font-weight:600}
thead th{color:var(--ink-soft);font-weight:400;white-space:nowrap;border-bottom-color:var(--border)}
.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
small{display:block;color:var(--ink-soft);font-size:.8125rem;font-weight:400}
tbody th{font-weight:400}
.beside{max-width:48rem}
.tests td,.tests th{padding-right:.75rem}
.tests tbody th{min-width:7.5rem}
.whose{margin-top:1.5rem}
tr>:last-child{padding-right:0}
.steps td,.steps th{padding-right:.875rem;white-space:nowrap}
.stacked thead{display:none}
.stacked tr{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:.125rem 1rem;padding:.625rem 0;border-bottom:1px solid var(--hairline)}
.stacked th,.stacked td{border:0;padding:0}
.stacked th,.stacked .n{font-weight:600}
.stacked .whole{grid-column:1/-1}
.first th,.first .n{color:var(--copper)}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1.5rem 2.5rem;margin-top:1.25rem;align-items:start}
.pair .table,.pair>.formula{margin-top:0}
.bad{color:var(--danger)}
.formula{margin-top:1.25rem;padding:.75rem 1rem;background:var(--sunken);border-radius:4px}
code{font:.875rem/1.5 ui-monospace,"SF Mono","Cascadia Mono","Roboto Mono","Liberation Mono",Menlo,Consolas,monospace}
.formula code{white-space:pre-wrap}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.375rem 1.5rem;margin:1.25rem 0 0}
.facts dt{color:var(--ink-soft)}
.facts dd{margin:0}
.reading{max-width:48rem;margin:1.25rem 0 0;padding-left:1.25rem}
.reading li+li{margin-top:.375rem}
@media (max-width:52rem){.plots,.pair{grid-template-columns:minmax(0,1fr)}}
@media screen and (max-width:30rem){
body{padding:1.5rem 1rem 3rem}
section{margin-top:2.25rem}
figure .wide{display:none}
figure .narrow{display:block}
.facts{grid-template-columns:minmax(0,1fr);gap:0}
.facts dd{margin-bottom:.625rem}
}
@media print{
@page{margin:14mm}
html{background:none}
body{max-width:none;padding:0;font-size:10pt}
section{margin-top:1.5rem}
h2{break-after:avoid}
.table{overflow:visible}
.steps{font-size:6.5pt}
.steps td,.steps th{padding-right:.5em}
tr,.note{break-inside:avoid}
}
`;
