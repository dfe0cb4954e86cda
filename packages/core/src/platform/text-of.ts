/** What an error says, for a message. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
