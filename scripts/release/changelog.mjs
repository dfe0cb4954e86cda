// How changesets become lines of a changelog: their text as it is. Hashes of commits say nothing to users, and that all packages
// have the same version needs no line per package.

/** @param {{ summary: string }} changeset */
export async function getReleaseLine({ summary }) {
  const [first = '', ...rest] = summary.trim().split('\n');
  return [`- ${first}`, ...rest.map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
}

export async function getDependencyReleaseLine() {
  return '';
}

export default { getReleaseLine, getDependencyReleaseLine };
