import { structuredPatch } from 'diff';

/** A file before and after. */
export interface Change {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** A unified diff of all changes, as `git apply` takes it; empty for none. */
export function createPatch(changes: readonly Change[]): string {
  return changes
    .filter(({ before, after }) => before !== after)
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .map(patchOf)
    .join('');
}

function patchOf({ file, before, after }: Change): string {
  const { hunks } = structuredPatch(file, file, before, after, '', '', { context: 3 });
  const [from, to] = [quote(`a/${file}`), quote(`b/${file}`)];
  const lines = [`diff --git ${from} ${to}`, `--- ${from}${tail(from)}`, `+++ ${to}${tail(to)}`];
  for (const hunk of hunks) {
    lines.push(`@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`, ...hunk.lines);
  }
  return `${lines.join('\n')}\n`;
}

/** Names with blanks need an end that is seen. */
function tail(name: string): string {
  return name.includes(' ') && !name.startsWith('"') ? '\t' : '';
}

/** As git writes names that hold what a line can't. */
function quote(name: string): string {
  if (!/["\\]|\p{Cc}/u.test(name)) return name;
  const bytes = [...new TextEncoder().encode(name)].map((byte) => {
    if (byte === 34 || byte === 92) return `\\${String.fromCharCode(byte)}`;
    return byte < 32 || byte > 126 ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte);
  });
  return `"${bytes.join('')}"`;
}
