import type { ReactNode } from 'react';

/** What people look for among the steps that is not one, or is called otherwise. */
const hints: readonly [words: string, hint: string][] = [
  [
    'if else condition branch case when skip decision',
    'A step runs under a condition with "Only when", in its tab "Flow". The step "Switch" goes one of several ways.',
  ],
  [
    'loop foreach for each iterate map list items',
    'Every step can run once for each item of a list: "For each", in its tab "Flow".',
  ],
  ['repeat until while poll', 'Every step can be repeated: "Repeat", in its tab "Flow".'],
  [
    'retry again attempt error catch exception timeout rollback compensate undo',
    'Every step can be tried again, be given a time, and be undone: in its tab "Failure". Its red port is for what follows an error.',
  ],
  ['delay pause timer', 'The step "Sleep" goes on after a while.'],
  [
    'parallel join merge together',
    'Steps that do not depend on each other run beside each other; "Starts when", in the tab "Flow", joins them.',
  ],
  ['human manual confirm ask person', 'The step "Approval" asks a person.'],
  [
    'cron schedule trigger start webhook',
    'What starts the workflow stands in its own panel, in the tab "Triggers".',
  ],
  ['api rest url fetch email mail slack', 'The step "HTTP request" calls any web service.'],
];

/** Tells where to find what is none of the steps. */
export function Hints({ query }: { query: string }): ReactNode {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter(({ length }) => length > 1);
  const found = hints.filter(([known]) =>
    words.some((word) =>
      known.split(' ').some((each) => each === word || (word.length > 2 && each.startsWith(word))),
    ),
  );
  return (
    <div role="status">
      {found.map(([, hint]) => (
        <p key={hint} className="vw-picks-none">
          {hint}
        </p>
      ))}
    </div>
  );
}
