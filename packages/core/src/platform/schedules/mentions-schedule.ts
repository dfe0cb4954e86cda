/** False when a text certainly has no schedule: a key can only hide behind an escape. Spares reading most documents. */
export function mentionsSchedule(text: string): boolean {
  return text.includes('schedule') || text.includes('\\');
}
