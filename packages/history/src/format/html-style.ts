// How an HTML history looks: the page's paper, ink and wires (docs/design.md), small enough to stand in every file. No image,
// no font, nothing is fetched. Light and dark as the system says; on paper, ink only.

/** As many as there are `.w0` … below. */
export const WIRES = 7;

const COLOURS = `
:root{color-scheme:light dark;--paper:#f5f4ef;--surface:#fbfaf7;--ink:#1c2326;--soft:#545f63;--line:#dcd9d0;--copper:#93450f;--wash:#f1e4d8;--danger:#ab2417}
.w0{--w:#2a5da8}.w1{--w:#0f6b72}.w2{--w:#2f6c37}.w3{--w:#5f6216}.w4{--w:#6746a6}.w5{--w:#8f337b}.w6{--w:#4a5a68}
@media screen and (prefers-color-scheme:dark){
:root{--paper:#14191b;--surface:#191f21;--ink:#e6e7e3;--soft:#9fa9aa;--line:#2b3336;--copper:#e8a06c;--wash:#33261c;--danger:#f39a8d}
.w0{--w:#8ab2f2}.w1{--w:#62c3c7}.w2{--w:#86c78b}.w3{--w:#c3c06c}.w4{--w:#b9a3f0}.w5{--w:#e398d0}.w6{--w:#a9b6c4}
}`;

const PAGE = `
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans","PingFang SC","Hiragino Sans GB","Microsoft YaHei UI","Noto Sans CJK SC",sans-serif;-webkit-text-size-adjust:100%;scroll-padding-top:4rem}
body{max-width:54rem;margin:0 auto;padding:0 1rem;overflow-wrap:anywhere}
a{color:var(--copper)}
body>header{padding:3rem 0 1.5rem;border-bottom:1px solid var(--line)}
h1{margin:0;font-size:clamp(1.75rem,1.2rem + 2.4vw,2.75rem);line-height:1.25;text-wrap:balance}
.topic{margin:.5rem 0 0;font-size:1.1875rem}
.of{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:1rem 0 0;padding:0;list-style:none;color:var(--soft);font-size:.875rem}
.parts{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;margin:1.25rem 0 0}
main{padding:0 0 2rem}`;

const MESSAGES = `
section{content-visibility:auto;contain-intrinsic-size:auto 3200px}
h2{margin:2rem 0 .75rem;padding:.25rem 0;border-bottom:1px solid var(--line);color:var(--soft);font-size:.875rem;font-weight:600}
article{display:grid;grid-template-columns:4.75rem minmax(0,1fr);padding:0}
article>*{grid-column:2;margin:0}
article>a:first-child{grid-column:1;grid-row:1;color:var(--soft);font-size:.75rem;font-variant-numeric:tabular-nums;line-height:1.6rem;text-decoration:none}
article>a:first-child:is(:hover,:focus-visible){color:var(--copper);text-decoration:underline}
article>:not(a){padding-left:.875rem;border-left:2px solid var(--w,var(--line))}
article>b{padding-top:.1rem;color:var(--w);font-weight:600}
article:has(>b){margin-top:.75rem}
article>p{white-space:pre-wrap}
article>small{color:var(--soft);font-size:.75rem}
article>.gone,article>.note{color:var(--soft);font-size:.875rem;font-style:italic}
article>.note b{font-weight:600}
article>.dark{color:var(--danger);font-size:.875rem}
article>ul{display:flex;flex-wrap:wrap;gap:.25rem;padding-block:.15rem .35rem;list-style:none}
article li{padding:0 .5rem;border:1px solid var(--line);border-radius:1rem;background:var(--surface);font-size:.875rem}
article:target{background:var(--wash);outline:.375rem solid var(--wash)}`;

const EDGES = `
footer{padding:1.5rem 0 4rem;border-top:1px solid var(--line);color:var(--soft);font-size:.875rem}
footer h2{margin:0 0 .5rem;border:0;color:var(--ink);font-size:1rem}
footer p{margin:.25rem 0}
code{padding:.1rem .35rem;border-radius:4px;background:var(--wash);color:var(--ink);font:.8125rem/1.5 ui-monospace,"SF Mono","Cascadia Mono","Roboto Mono","Noto Sans Mono","Liberation Mono",Menlo,Consolas,monospace}
@media (max-width:40rem){
article{display:flow-root}
article>a:first-child{float:right;margin-left:.75rem}
article>:is(b,small){display:block}
}
@media print{
@page{margin:18mm}
html{background:#fff;color:#000;font-size:10pt}
body{max-width:none;padding:0}
section{content-visibility:visible}
article{break-inside:avoid;padding:0}
h2{break-after:avoid}
article>p a::after{content:none}
.parts{display:none}
}`;

export const STYLE = `${COLOURS}${PAGE}${MESSAGES}${EDGES}`.replaceAll('\n', '');
