import type { ErrorInfo, Problem } from '@vwmp/core';
import { CircleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';

/** So many characters of a message are shown until all of them are wanted. */
const most = 500;

/** What went wrong, with its code and whatever it has to say more. */
export function ErrorBox({ error, title }: { error: unknown; title?: string }): ReactNode {
  const { code, message, details } = describe(error);
  const [isWhole, setIsWhole] = useState(false);
  const isCut = message.length > most * 1.2 && !isWhole;
  const all = Array.isArray(details) ? (details as Partial<Problem>[]) : [];
  // Some messages say them all.
  const problems = all.filter((problem) => !message.includes(problem.message ?? '')).slice(0, 20);
  return (
    <div className="vw-error" role="alert">
      <CircleAlert size={16} aria-hidden="true" />
      <div>
        {title && <strong>{title}</strong>}
        <p dir="auto">
          {isCut ? `${message.slice(0, most)}… ` : message}
          {isCut && (
            <button type="button" className="vw-link" onClick={() => setIsWhole(true)}>
              Show all
            </button>
          )}
          {code !== undefined && <code className="vw-error-code">{code}</code>}
        </p>
        {problems.length > 0 && (
          <ul>
            {problems.map((problem, index) => (
              <li key={index} dir="auto">
                {problem.path && <code>{problem.path}</code>} {problem.message}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

/** The parts of an error, whoever made it. */
export function describe(error: unknown): { code?: string; message: string; details?: unknown } {
  if (typeof error !== 'object' || error === null) return { message: String(error) };
  const { code, message, details } = error as Partial<ErrorInfo> & { details?: unknown };
  return {
    ...(typeof code === 'string' && { code }),
    message: typeof message === 'string' ? message : 'Something went wrong.',
    ...(details !== undefined && { details }),
  };
}
