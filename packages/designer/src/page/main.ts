// The first script of the page. It is small, so that everything that the page needs is on its way at once: React, the
// page that the address leads to, and what that page shows.
import '../style/index.css';
import '../app/app.css';
import '../pages/pages.css';
import '../watch/watch.css';
import '../embed/embed.css';
import { loadPage } from '../app/load-page.ts';
import { openSession } from '../app/opening.ts';
import { getRoute } from '../app/route.ts';

const opening = openSession();
const started = import('../app/start.tsx');
loadPage(getRoute());
const { start } = await started;
start(document.getElementById('app') as HTMLElement, opening);
