/** How much a document may ask for. */
export interface Limits {
  /** Length of the text in UTF-16 units. @defaultValue 1 MiB */
  size: number;
  /** Collections inside of each other. @defaultValue 100 */
  depth: number;
  /** Words, signs and ends of lines of YAML: reading each takes some 2 µs. JSON has no need of it. @defaultValue 400,000 */
  tokens: number;
  /** Values that aliases add to what is written. @defaultValue 100,000 */
  aliases: number;
  /** @defaultValue 20,000 */
  steps: number;
  /** Problems that are reported; one more says how many were left out. @defaultValue 1,000 */
  problems: number;
}

export const defaultLimits: Readonly<Limits> = {
  size: 1 << 20,
  depth: 100,
  tokens: 400_000,
  aliases: 100_000,
  steps: 20_000,
  problems: 1000,
};
