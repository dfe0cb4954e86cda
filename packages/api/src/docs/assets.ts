/** The filter, and what sends the forms. */
export const script: string = `// The server may be below a path of something before it.
const root = new URL('..', document.currentScript.src).href.replace(/\\/$/, '');
const find = (selector, from = document) => [...from.querySelectorAll(selector)];
const filter = document.getElementById('filter');
const key = document.getElementById('key');
key.value = sessionStorage.getItem('vwmp.key') ?? '';
key.addEventListener('input', () => sessionStorage.setItem('vwmp.key', key.value));
document.getElementById('access').addEventListener('submit', (event) => event.preventDefault());
filter.addEventListener('input', () => {
  const words = filter.value.toLowerCase().split(/\\s+/);
  for (const item of find('nav li')) item.hidden = !words.every((word) => item.dataset.filter.includes(word));
});
document.addEventListener('keydown', (event) => {
  const typing = /^(INPUT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '');
  if (event.key === '/' && !typing) { event.preventDefault(); filter.focus(); }
});
for (const form of find('form[data-path]')) form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const output = form.querySelector('output');
  const headers = key.value === '' ? {} : { authorization: 'Bearer ' + key.value };
  const query = new URLSearchParams();
  let path = form.dataset.path;
  for (const { name, value, dataset } of find('input', form)) {
    if (dataset.in === 'path') path = path.replace('{' + name + '}', encodeURIComponent(value));
    else if (value !== '' && dataset.in === 'query') query.append(name, value);
    else if (value !== '') headers[name] = value;
  }
  const body = form.querySelector('textarea')?.value;
  if (body) headers['content-type'] = /^\\s*[{[]/.test(body) ? 'application/json' : 'application/yaml';
  output.textContent = 'Waiting…';
  try {
    const address = query.size > 0 ? path + '?' + query : path;
    const answer = await fetch(root + address, { method: form.dataset.method, headers, ...(body && { body }) });
    const text = await answer.text();
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* no JSON */ }
    output.textContent = answer.status + ' ' + answer.statusText + '\\n' + shown;
  } catch (error) {
    output.textContent = 'No answer: ' + error.message;
  }
});
const links = new Map(find('nav a').map((link) => [link.hash.slice(1), link]));
const watch = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) links.get(target.id)?.toggleAttribute('aria-current', isIntersecting);
}, { rootMargin: '-10% 0px -70% 0px' });
for (const article of find('article.operation')) watch.observe(article);
`;

export const style: string = `:root{color-scheme:light dark;--text:light-dark(#1b2230,#e4e8ef);--dim:light-dark(#5a6579,#97a3b6);--back:light-dark(#fff,#11151c);
--side:light-dark(#f5f7fa,#171c25);--line:light-dark(#dfe4ec,#2a3240);--code:light-dark(#eef1f6,#1e2530);--accent:light-dark(#2456c9,#86aaff);
--get:light-dark(#1d6b3a,#6fd394);--post:light-dark(#2456c9,#86aaff);--put:light-dark(#8a5300,#f0b657);--delete:light-dark(#b3261e,#ff8d85)}
*{box-sizing:border-box}html{scroll-behavior:smooth;scroll-padding-top:1rem}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;display:grid;grid-template-columns:19rem minmax(0,1fr);background:var(--back);color:var(--text);font:16px/1.55 system-ui,sans-serif}
a{color:var(--accent)}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.skip,.hidden{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}.skip:focus{clip-path:none;width:auto;height:auto;padding:.5rem;background:var(--back)}
nav{position:sticky;top:0;height:100vh;overflow-y:auto;padding:1.25rem;background:var(--side);border-right:1px solid var(--line);font-size:.9rem}
nav header{font-size:1.1rem;margin-bottom:.75rem}nav h2{font-size:.75rem;letter-spacing:.06em;text-transform:uppercase;color:var(--dim);margin:1.25rem 0 .25rem}
nav h2 a{color:inherit}nav ul{list-style:none;margin:0;padding:0}nav li a{display:flex;gap:.5rem;padding:.2rem .4rem;border-radius:.35rem;color:inherit;text-decoration:none}
nav li a:hover{background:var(--code)}nav a[aria-current]{background:var(--code);font-weight:600}
nav .method{flex:0 0 3.1rem}main{padding:2rem clamp(1rem,4vw,3.5rem) 30vh;max-width:64rem}
h1{font-size:2rem;margin:0}.lead{font-size:1.15rem;color:var(--dim)}main h2{margin:3.5rem 0 1rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
h3{margin:0;font-size:1.15rem}h3 a{color:inherit;text-decoration:none}h4{margin:1.25rem 0 .4rem;font-size:.85rem;color:var(--dim)}
article{margin:0 0 2.5rem;padding:1.25rem;border:1px solid var(--line);border-radius:.6rem}
code,pre,textarea,output{font-family:ui-monospace,SFMono-Regular,Menlo,monospace;font-size:.88em}code{background:var(--code);padding:.1em .3em;border-radius:.25em}
.line{margin:.5rem 0}.path{background:none;padding:0;overflow-wrap:anywhere}.path b{color:var(--accent);font-weight:600}
.method{font:700 .72rem/1.9 ui-monospace,monospace;text-transform:uppercase}.get{color:var(--get)}.post{color:var(--post)}.put{color:var(--put)}.delete{color:var(--delete)}
.role{float:right;font-size:.75rem;padding:.05rem .5rem;border:1px solid var(--line);border-radius:1rem;color:var(--dim)}
.schema{margin:0}.schema>div{padding:.4rem 0;border-top:1px solid var(--line)}.schema dd{margin:.1rem 0 0 0;color:var(--dim)}.schema dd .schema{padding-left:1rem}
.type{color:var(--dim);font-size:.88em}.required{color:var(--delete);font-size:.75rem}small{color:var(--dim)}.media{margin:.5rem 0 .2rem}
.answer{display:grid;grid-template-columns:3rem 1fr;margin:.3rem 0}.status{font-weight:600}.s2,.s3{color:var(--get)}.s4{color:var(--put)}.s5{color:var(--delete)}
.try{margin-top:1rem;border-top:1px solid var(--line);padding-top:.75rem}summary{cursor:pointer}form label{display:block;margin:.5rem 0}
input,textarea{display:block;width:100%;max-width:34rem;margin-top:.15rem;padding:.4rem .55rem;color:inherit;background:var(--back);border:1px solid var(--line);border-radius:.35rem;font-size:.9rem}
textarea{max-width:none}button{font:inherit;padding:.4rem 1.1rem;border:0;border-radius:.35rem;background:var(--accent);color:var(--back);cursor:pointer}
output,pre{display:block;white-space:pre-wrap;overflow-wrap:anywhere;background:var(--code);border-radius:.35rem;padding:.7rem;margin:.75rem 0 0;max-height:30rem;overflow:auto}output:empty{display:none}
.access{border:1px solid var(--line);border-radius:.6rem;padding:.5rem 1rem .8rem}
@media (max-width:60rem){body{display:block}nav{position:static;height:auto;border-right:0;border-bottom:1px solid var(--line)}nav ul{display:none}}
@media print{nav,.try,.access{display:none}body{display:block}}
`;
