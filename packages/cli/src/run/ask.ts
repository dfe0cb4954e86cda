import { safe } from '../terminal/safe.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What a person has decided. */
export interface Decision {
  approved: boolean;
  by?: string;
  comment?: string;
}

/**
 * Asks the person at the terminal: yes or no, and a comment.
 *
 * @param signal - takes the question back
 * @returns undefined when it was taken back
 */
export async function ask(
  step: string,
  prompt: string,
  { err, symbols }: Terminal,
  signal: AbortSignal,
): Promise<Decision | undefined> {
  const { createInterface } = await import('node:readline/promises');
  const { style } = err;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // In raw mode Ctrl-C is a key and no signal.
  lines.on('SIGINT', () => {
    lines.close();
    process.kill(process.pid, 'SIGINT');
  });
  try {
    err.line(`${style.yellow('?')} ${style.bold(safe(prompt, true))} ${style.dim(step)}`);
    const answer = await lines.question(`  Approve? ${style.dim('y/N')} `, { signal });
    const approved = /^(y|yes)$/i.test(answer.trim());
    const comment = (await lines.question(`  Comment? ${style.dim('Enter for none')} `, { signal })).trim();
    err.line(
      approved ? style.green(`  ${symbols.success} approved`) : style.red(`  ${symbols.failed} rejected`),
    );
    return { approved, ...by(), ...(comment === '' ? {} : { comment }) };
  } catch (error) {
    const { name } = error as Error;
    if (name !== 'AbortError') throw error;
    err.line();
    return undefined;
  } finally {
    lines.close();
  }
}

function by(): { by?: string } {
  try {
    return { by: process.getBuiltinModule('node:os').userInfo().username };
  } catch {
    // In a container a user may have no name.
    return {};
  }
}
