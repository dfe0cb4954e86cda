/**
 * The line, from 1, in which a label is defined; 1 when it stands nowhere as it is, since it may be written in
 * several ways. The parser does not say it.
 *
 * @param label - as the parser normalises it, in upper case
 */
export function lineOfDefinition(text: string, label: string): number {
  const wanted = `[${label}]:`;
  const index = text.split('\n').findIndex((line) => line.trimStart().toUpperCase().startsWith(wanted));
  return Math.max(0, index) + 1;
}
