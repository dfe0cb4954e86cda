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
  // Since git 2.54 hooks need not lie in a folder: "core.hooksPath" does not turn these off.
  /^hook\..*\.command$/,
  // Run by the receiving side of a push to a folder, which tidies up afterwards.
  /^gc\.recentobjectshook$/,
  /^extensions\.partialclone$/,
  /^http\.(.*\.)?(proxy|proxyauthmethod|sslverify|sslcainfo|sslcapath|sslbackend|curloptresolve|followredirects|cookiefile)$/,
];

/** Of the names in a config, those that are not allowed; as git lists them, with section and key in lower case. */
export function findUnsafe(names: readonly string[]): string[] {
  return [...new Set(names.filter((name) => unsafe.some((pattern) => pattern.test(normal(name)))))];
}

/** Those by which git fetches what it lacks, and hooks: also who only reads a repository, or adds a commit, would run what they name. */
export function findRunning(names: readonly string[]): string[] {
  return findUnsafe(names).filter((name) => running.test(normal(name)));
}

const running =
  /^(remote\..*\.(uploadpack|vcs|promisor)|extensions\.partialclone|hook\..*\.command|gc\.recentobjectshook)$/;

/** What stands between the first and the last point is free text, and may hold line breaks. */
function normal(name: string): string {
  return name.toLowerCase().replaceAll(/\s/g, ' ');
}
