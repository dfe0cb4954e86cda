/** Light and dark as the reader has it; no file beside the page. */
export const style = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1c2430, #e4e8ee);
  --quiet: light-dark(#5c6675, #98a2b3);
  --page: light-dark(#f6f7f9, #12161c);
  --card: light-dark(#fff, #1a2029);
  --edge: light-dark(#e1e5eb, #2b3340);
  --own: light-dark(#3b6fd4, #6c9bf2);
  --yardstick: light-dark(#c3cad5, #4a5567);
  --spread: light-dark(#1c2430, #f2f4f7);
  --met: light-dark(#1f7a4d, #58c48d);
  --unclear: light-dark(#93600a, #e2b04a);
  --missed: light-dark(#b3261e, #f2857c);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 40px 24px 80px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 8px; letter-spacing: -0.02em; }
h2 { font-size: 22px; margin: 56px 0 4px; letter-spacing: -0.01em; scroll-margin-top: 16px; }
h3 { font-size: 16px; margin: 0; }
p { margin: 0; max-width: 72ch; }
a { color: inherit; }
.quiet { color: var(--quiet); font-size: 13.5px; }
.lead { color: var(--quiet); font-size: 16px; }
.key { display: flex; flex-wrap: wrap; gap: 8px 24px; margin: 20px 0 12px; padding: 0; list-style: none; font-size: 13.5px; color: var(--quiet); }
.key li { display: flex; align-items: center; gap: 8px; }
.key svg { width: 56px; height: 18px; flex: none; }
.areas { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 12px; margin: 28px 0 0; padding: 0; list-style: none; }
.areas a { display: block; height: 100%; padding: 14px 16px; background: var(--card); border: 1px solid var(--edge); border-radius: 10px; text-decoration: none; }
.areas a:hover, .areas a:focus-visible { border-color: var(--own); }
.areas b { display: block; }
.cells { display: flex; flex-wrap: wrap; gap: 3px; margin: 10px 0 4px; }
.cells i { width: 10px; height: 10px; border-radius: 2px; background: currentColor; }
.scenario { margin: 16px 0 0; background: var(--card); border: 1px solid var(--edge); border-radius: 10px; overflow: hidden; }
.scenario > header { padding: 14px 20px; border-bottom: 1px solid var(--edge); }
.figure { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 460px); gap: 8px 28px; padding: 14px 20px; align-items: center; }
.figure + .figure { border-top: 1px solid var(--edge); }
.figure b { font-weight: 600; }
.figure svg { width: 100%; height: auto; display: block; }
.names { display: flex; gap: 8px; align-items: baseline; flex-wrap: wrap; }
.pill { font-size: 12px; font-weight: 600; padding: 0 7px; border: 1px solid currentColor; border-radius: 99px; white-space: nowrap; }
.met { color: var(--met); }
.unclear { color: var(--unclear); }
.missed { color: var(--missed); }
.none { color: var(--quiet); }
svg text { font: 12px system-ui, sans-serif; fill: var(--text); font-variant-numeric: tabular-nums; }
svg text { paint-order: stroke; stroke: var(--card); stroke-width: 3px; stroke-linejoin: round; }
svg .inside { stroke: none; font-weight: 600; }
svg .own-text { fill: light-dark(#fff, #12161c); }
svg .yardstick-text { font-weight: 400; }
.alone { font-size: 20px; font-variant-numeric: tabular-nums; }
svg .own { fill: var(--own); }
svg .own.missed { fill: var(--missed); }
svg .own.unclear { fill: var(--unclear); }
svg .yardstick { fill: var(--yardstick); }
svg .ends { stroke: var(--spread); stroke-width: 1; opacity: 0.55; }
svg .range { stroke: var(--spread); stroke-width: 4; opacity: 0.55; }
svg .limit { stroke: var(--text); stroke-width: 1.5; stroke-dasharray: 4 3; }
svg .limit-name { font-size: 10.5px; fill: var(--quiet); }
.problem { padding: 14px 20px; color: var(--missed); }
@media (max-width: 760px) { .figure { grid-template-columns: 1fr; } main { padding: 24px 14px 60px; } }
@media print { .scenario { break-inside: avoid; } }
`;
