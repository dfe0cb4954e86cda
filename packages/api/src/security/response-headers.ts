/** What an answer shows: data, or a page that runs scripts of its own. */
export type Shown = 'data' | 'page';

const always = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Of data nothing is ever run or shown as a page; pages load what lies beside them, and nothing else. */
const policies: Readonly<Record<Shown, string>> = {
  data: "default-src 'none'; frame-ancestors 'none'",
  page: "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/**
 * Headers that every answer has.
 *
 * @param tls - the client came by HTTPS: then it is told never to come otherwise
 */
export function securityHeaders(shown: Shown, tls: boolean): Record<string, string> {
  return {
    ...always,
    'content-security-policy': policies[shown],
    ...(tls && { 'strict-transport-security': 'max-age=31536000' }),
    ...(shown === 'data' && { 'cache-control': 'no-store' }),
  };
}
