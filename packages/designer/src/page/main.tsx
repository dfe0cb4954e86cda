import '../style/index.css';
import '../app/app.css';
import '../pages/pages.css';
import '../watch/watch.css';
import '../embed/embed.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Session } from '../app/session.tsx';

createRoot(document.getElementById('app') as HTMLElement).render(
  <StrictMode>
    <Session />
  </StrictMode>,
);
