/**
 * The blocks of a page in one language.
 *
 * @param {string} page
 * @param {string} language
 * @returns {string[]}
 */
export function blocks(page, language) {
  const pattern = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms');
  return [...page.matchAll(pattern)].map(([, text]) => /** @type {string} */ (text));
}

/**
 * The packages that a page says to install, with its first `npm install`.
 *
 * @param {string} page
 * @returns {string[]}
 */
export function installed(page) {
  const line =
    blocks(page, 'sh')
      .join('')
      .match(/^npm install (@vwmp.*)$/m)?.[1] ?? '';
  return line
    .replace(/\s+#.*/, '')
    .split(' ')
    .filter(Boolean);
}

/**
 * What an example says that it prints: `console.log(…); // this`.
 *
 * @param {string} example
 * @returns {string[]}
 */
export function promised(example) {
  return [...example.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(
    ([, text]) => /** @type {string} */ (text),
  );
}
