import type { GitHub } from '../github/client.ts';

interface Comment {
  readonly id: number;
  readonly html_url: string;
  readonly body?: string;
  readonly user?: { readonly login?: string } | null;
}

const marker = '<!-- vwmp doc healing -->';

/**
 * Comments on a pull request: one comment, however often it is run. Those of others with the same beginning stay as they are.
 *
 * @returns its address
 */
export async function comment(github: GitHub, number: number, text: string): Promise<string> {
  const body = `${marker}\n${text}`;
  const path = `/issues/${number}/comments`;
  const marked = ((await github.all(path)) as Comment[]).filter((each) => each.body?.startsWith(marker));
  const login = marked.length > 0 ? await github.login() : undefined;
  for (const { id, user, html_url } of marked) {
    if (login === undefined || user?.login !== login) continue;
    const changed = await github.send('PATCH', `/issues/comments/${id}`, { body }, 403, 404);
    if (changed !== undefined) return html_url;
  }
  return ((await github.send('POST', path, { body })) as Comment).html_url;
}
