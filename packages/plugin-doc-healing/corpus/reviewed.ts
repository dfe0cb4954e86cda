/**
 * Findings in texts that nobody put a fault into, looked at one by one: these are mistakes of the texts themselves. Each says what is
 * wrong, so that anyone can check it. A finding that is not here counts as a false alarm.
 */
export const reviewed: readonly { repository: string; subject: RegExp; kind: string; why: string }[] = [
  {
    repository: '@cfworker/json-schema',
    kind: 'syntax',
    subject: /:73$/,
    why: 'a comma is missing before a property',
  },
  {
    repository: '@drizzle-team/brocli',
    kind: 'anchor_missing',
    subject: /./,
    why: 'no heading and no element has these names',
  },
  {
    repository: '@drizzle-team/brocli',
    kind: 'syntax',
    subject: /:(?:72|94|302)$/,
    why: 'brackets do not match',
  },
  {
    repository: 'fflate',
    kind: 'import_unknown',
    subject: /./,
    why: 'the exports of its package.json have no such entry',
  },
  { repository: 'ignore', kind: 'syntax', subject: /:226$/, why: 'a comma is missing between two items' },
  { repository: 'lru-cache', kind: 'syntax', subject: /:258$/, why: 'a comma is missing before a property' },
  {
    repository: 'magic-string',
    kind: 'link_missing',
    subject: /./,
    why: 'the address stands in two pairs of brackets',
  },
  {
    repository: '@opentelemetry/sdk-trace',
    kind: 'syntax',
    subject: /:(?:112|148)$/,
    why: 'a bracket is closed that was not opened',
  },
  {
    repository: '@opentelemetry/sdk-trace-base',
    kind: 'syntax',
    subject: /:112$/,
    why: 'a bracket is closed that was not opened',
  },
  {
    repository: 'msgpackr',
    kind: 'syntax',
    subject: /:(?:303|299)$/,
    why: 'a comma is missing between two methods',
  },
  {
    repository: 'nanoid',
    kind: 'anchor_missing',
    subject: /./,
    why: 'no heading reads "Other Programming Languages"',
  },
  {
    repository: 'picomatch',
    kind: 'anchor_missing',
    subject: /./,
    why: 'no heading reads "Brace expansion"',
  },
  { repository: 'picomatch', kind: 'syntax', subject: /:178$/, why: 'a bracket is missing' },
  {
    repository: 'pure-rand',
    kind: 'import_unknown',
    subject: /./,
    why: 'the exports of its package.json have no such entry',
  },
  { repository: 'ret', kind: 'syntax', subject: /./, why: 'a comma is missing after the first property' },
  { repository: 'smol-toml', kind: 'anchor_missing', subject: /./, why: 'no heading has these names' },
  {
    repository: 'walk-up-path',
    kind: 'name_unknown',
    subject: /./,
    why: 'it exports walkUp, not walkUpPath',
  },
];
