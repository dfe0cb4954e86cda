/** How many migrations are pending. */
export function pendingCount({ length }: readonly string[]): string {
  return length === 1 ? '1 migration is pending' : `${length} migrations are pending`;
}
