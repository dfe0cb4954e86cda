import {
  CalendarClock,
  ChartNoAxesColumn,
  Gauge,
  Inbox,
  Layers,
  type LucideIcon,
  Moon,
  Play,
  Settings,
  Sun,
  SunMoon,
  Workflow,
} from 'lucide-react';
import { type ReactNode, useContext, useEffect } from 'react';
import { IconButton } from '../style/index.ts';
import { RoleContext } from './role-context.ts';
import { hrefOf } from './route.ts';
import { setTheme, type Theme, useTheme } from './theme.ts';
import { pageConflicts, useConflicts, whatHappened } from './use-conflicts.ts';
import { useRoute } from './use-route.ts';

interface Place {
  path: string;
  label: string;
  icon: LucideIcon;
  /** Only a server has it. */
  server?: true;
}

const places: readonly Place[] = [
  { path: '', label: 'Dashboard', icon: Gauge },
  { path: 'workflows', label: 'Workflows', icon: Workflow },
  { path: 'executions', label: 'Executions', icon: Play },
  { path: 'approvals', label: 'Approvals', icon: Inbox, server: true },
  { path: 'schedules', label: 'Schedules', icon: CalendarClock, server: true },
  { path: 'queues', label: 'Queues', icon: Layers, server: true },
  { path: 'settings', label: 'Settings', icon: Settings },
];

const themes: Readonly<Record<Theme, { next: Theme; label: string; icon: ReactNode }>> = {
  system: { next: 'light', label: 'Theme: as the system', icon: <SunMoon size={16} /> },
  light: { next: 'dark', label: 'Theme: light', icon: <Sun size={16} /> },
  dark: { next: 'system', label: 'Theme: dark', icon: <Moon size={16} /> },
};

/** What is said of a key all the time, where it may do less than one expects. */
const readOnly: Readonly<Record<string, string>> = {
  viewer: 'Read only',
  executor: 'Workflows are read only',
};

/** What could not be saved, until someone has decided what becomes of it: in the editor, which asks. */
function NotSaved(): ReactNode {
  const { path, query } = useRoute();
  const isInEditor = path[0] === 'workflows' && !query.has('view');
  return [...useConflicts(pageConflicts)].map(
    ([id, conflict]) =>
      !(isInEditor && path[1] === id) && (
        <section key={id} className="vw-strip" role="alert" aria-label={`${id} is not saved`}>
          “{id}” is not saved: someone else has {whatHappened(conflict)} it meanwhile.{' '}
          <a href={hrefOf(['workflows', id])}>Decide what stays</a>
        </section>
      ),
  );
}

/** The frame around every page: where one can go, and where one is. */
export function Shell({ hasServer, children }: { hasServer: boolean; children: ReactNode }): ReactNode {
  const [here = '', id] = useRoute().path;
  const theme = themes[useTheme()];
  const role = useContext(RoleContext) ?? '';
  const label = places.find(({ path }) => path === here)?.label ?? here;
  // Tabs and the history of the browser are told apart by it.
  const title = [id, label, 'VWMP'].filter(Boolean).join(' · ');
  useEffect(() => {
    // What had the focus may have gone with the page before, if there was one.
    if (document.title !== 'VWMP' && document.activeElement === document.body)
      document.getElementById('vw-main')?.focus();
    document.title = title;
  }, [title]);
  return (
    <div className="vw-shell">
      <button type="button" className="vw-skip" onClick={() => document.getElementById('vw-main')?.focus()}>
        Skip to the content
      </button>
      <div className="vw-strips">
        {readOnly[role] && (
          <section className="vw-strip" aria-label="What you may do">
            {readOnly[role]}: your key has the role “{role}”.
          </section>
        )}
        <NotSaved />
      </div>
      <nav className="vw-nav" aria-label="Pages">
        <a className="vw-logo" href={hrefOf([])}>
          <ChartNoAxesColumn size={20} aria-hidden="true" />
          <span>VWMP</span>
        </a>
        <ul>
          {places
            .filter(({ server }) => hasServer || !server)
            .map(({ path, label, icon: Icon }) => (
              <li key={path}>
                <a href={hrefOf(path === '' ? [] : [path])} aria-current={path === here ? 'page' : undefined}>
                  <Icon size={17} aria-hidden="true" />
                  <span>{label}</span>
                </a>
              </li>
            ))}
        </ul>
        <IconButton label={theme.label} icon={theme.icon} onClick={() => setTheme(theme.next)} />
      </nav>
      <p className="vw-hidden" aria-live="polite">
        {title}
      </p>
      <main id="vw-main" className="vw-main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
