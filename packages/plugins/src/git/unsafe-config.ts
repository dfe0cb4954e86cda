/**
 * Keys of a repository's config that make git start programs, speak to others than it seems, or fetch by itself, and that can be
 * turned off neither by an option nor by the environment.
 */
const unsafe: readonly RegExp[] = [
  /^filter\..*\.(clean|smudge|process)$/,
  /^remote\..*\.(uploadpack|receivepack|vcs|proxy|proxyauthmethod|promisor)$/,
  /^url\..*\.(insteadof|pushinsteadof)$/,
  /^core\.(gitproxy|alternaterefscommand)$/,
  /^credential\..*\.helper$/,
  /^extensions\.partialclone$/,
  /^http\.(.*\.)?(proxy|proxyauthmethod|sslverify|sslcainfo|sslcapath|sslbackend|curloptresolve|followredirects|cookiefile)$/,
];

/** Of the names in a config, those that are not allowed; as git lists them, with section and key in lower case. */
export function findUnsafe(names: readonly string[]): string[] {
  return [...new Set(names.filter((name) => unsafe.some((pattern) => pattern.test(normal(name)))))];
}

/** Those by which git fetches what it lacks: also who only reads a repository would run what they name. */
export function findFetching(names: readonly string[]): string[] {
  return findUnsafe(names).filter((name) => fetching.test(normal(name)));
}

const fetching = /^(remote\..*\.(uploadpack|vcs|promisor)|extensions\.partialclone)$/;

/** What stands between the first and the last point is free text, and may hold line breaks. */
function normal(name: string): string {
  return name.toLowerCase().replaceAll(/\s/g, ' ');
}
