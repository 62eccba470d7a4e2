/** The page's style: one column on a phone, wide tables scroll within themselves, light and dark as the reader has it. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--panel:#f6f8fa;--ink:#1f2328;--soft:#57606a;--line:#d8dee4;--accent:#0072b2;
--good:#1a7f37;--bad:#c2341d;--open:#9a6700;--c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#b0568f;--c4:#8a6800;--c5:#5f6b76}
@media(prefers-color-scheme:dark){:root{--paper:#15191e;--panel:#1d232a;--ink:#e6edf3;--soft:#9aa5b1;--line:#323b45;--accent:#56b4e9;
--good:#4cc26a;--bad:#ff7b66;--open:#e3b341;--c0:#56b4e9;--c1:#ff9955;--c2:#3fd0a4;--c3:#e59cc8;--c4:#f0e442;--c5:#aab4be}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
header,main,footer{max-width:72rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.5rem}
h1{margin:0;font-size:1.9rem;overflow-wrap:anywhere}
header p{margin:.3rem 0;color:var(--soft)}
nav{display:flex;flex-wrap:wrap;gap:.2rem 1rem;padding:.6rem 0;border-bottom:1px solid var(--line)}
a{color:var(--accent)}nav a{text-decoration:none}nav a:hover{text-decoration:underline}
section{padding:1rem 0 .5rem;border-bottom:1px solid var(--line);scroll-margin-top:.5rem}
h2{margin:.2rem 0 .8rem;font-size:1.35rem}h3{margin:1.2rem 0 .5rem;font-size:1rem}
p{margin:.5rem 0}footer{padding:1rem;color:var(--soft);font-size:.85rem}
code{font:.9em ui-monospace,"DejaVu Sans Mono",monospace;white-space:nowrap}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:.7rem}
.tile{background:var(--panel);border:1px solid var(--line);border-radius:.6rem;padding:.7rem .9rem;display:flex;flex-direction:column}
.tile span,.tile small{color:var(--soft);font-size:.85rem}.tile strong{font-size:1.7rem;line-height:1.3;font-variant-numeric:tabular-nums}
.badge{display:inline-block;padding:.05rem .55rem;border-radius:1rem;border:1px solid currentColor;font-size:.85rem;font-weight:600;white-space:nowrap}
.proved,.agreed{color:var(--good)}.refuted{color:var(--bad)}.unknown{color:var(--open)}.skipped{color:var(--soft)}
.chain{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.5rem}
.chain li{display:flex;justify-content:space-between;gap:.6rem;align-items:center;background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.45rem .7rem}
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch;max-width:100%}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .6rem;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
thead th{color:var(--soft);font-weight:600;white-space:nowrap}tbody th{font-weight:500}
.numbers td,.confusion td,.bars td{text-align:right;white-space:nowrap}.numbers td:last-child:not(:nth-child(2)){text-align:left;white-space:normal;min-width:10rem}
.bars,.levels{width:100%}.bars .wide,.bars td:nth-child(2),.levels td{width:100%;min-width:8rem;vertical-align:middle}.steps td{min-width:9rem}
.confusion th,.confusion td{padding:.15rem .3rem;text-align:center}
.confusion span{display:block;min-width:2.4rem;min-height:1.6rem;border-radius:.25rem;padding:.05rem .2rem}
.confusion .hit{background:color-mix(in srgb,var(--good) var(--depth),transparent)}
.confusion .miss{background:color-mix(in srgb,var(--bad) var(--depth),transparent)}
.bar{display:flex;height:.9rem;border-radius:.25rem;overflow:hidden;background:var(--panel)}.bar i{display:block;height:100%}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1rem;font-size:.85rem;color:var(--soft);padding:.15rem 0}
.legend b{display:inline-block;width:.7rem;height:.7rem;border-radius:.15rem;margin-right:.35rem}
.c0{background:var(--c0)}.c1{background:var(--c1)}.c2{background:var(--c2)}.c3{background:var(--c3)}.c4{background:var(--c4)}.c5{background:var(--c5)}
.plot svg{display:block;width:100%;min-width:34rem;max-width:60rem;height:auto}
details{margin:.5rem 0}summary{cursor:pointer;color:var(--accent)}
canvas{image-rendering:pixelated}figure{margin:0}figcaption{font-size:.85rem;color:var(--soft);text-align:center;overflow-wrap:anywhere}figcaption b{color:var(--bad)}
.maps{display:grid;grid-template-columns:repeat(auto-fill,minmax(7.5rem,1fr));gap:.8rem}.map{width:100%;display:block;background:var(--panel);border:1px solid var(--line);border-radius:.3rem}
.samples{display:grid;grid-template-columns:repeat(auto-fill,minmax(5rem,1fr));gap:.7rem}.sample{width:100%;display:block;border-radius:.3rem;background:#000}
.draw{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-start}
#pad{width:280px;height:280px;max-width:100%;border-radius:.5rem;background:#000;touch-action:none;cursor:crosshair;image-rendering:auto;border:1px solid var(--line)}
.draw figure{width:7rem}.answer{flex:1;min-width:13rem}#said{font-size:2.2rem;font-weight:700;line-height:1.1;display:block;overflow-wrap:anywhere}
#scores>div{display:grid;grid-template-columns:minmax(1.5rem,max-content) 1fr 3rem;gap:.5rem;align-items:center;font-size:.85rem;font-variant-numeric:tabular-nums}
#scores .bar{height:.6rem}
button{font:inherit;padding:.3rem .9rem;border-radius:.4rem;border:1px solid var(--line);background:var(--panel);color:var(--ink);cursor:pointer}
.tools{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center}
@media(max-width:30rem){body{font-size:15px}th,td{padding:.25rem .3rem}.tile strong{font-size:1.35rem}.tiles{grid-template-columns:1fr 1fr}.draw figure{width:5rem}}
@media print{nav,.draw,.tools{display:none}}
`;
