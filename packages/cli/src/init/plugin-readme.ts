/** The README of a new plugin. */
export const pluginReadme = (name: string): string => `# vwmp-plugin-${name}

Steps for [VWMP](https://github.com/vwmp/vwmp).

\`\`\`sh
npm install vwmp-plugin-${name}
\`\`\`

\`\`\`js
// vwmp.config.mjs
export default { plugins: ['vwmp-plugin-${name}'] };
\`\`\`

| handler | does | output |
| --- | --- | --- |
| \`${name}.greet\` | greets \`name\` in a \`language\`: \`en\` (default), \`de\` or \`fr\` | the greeting |

| error | meaning |
| --- | --- |
| \`NAME_BLANK\` | the name consists of spaces |

## Work on it

| | |
| --- | --- |
| \`npm install\` | once |
| \`npm test\` | builds and tests it |
| \`npm start\` | runs workflows/welcome.yaml |
| \`npx vwmp handlers ${name}.greet\` | shows what users see of a handler |
| \`npm publish\` | tests it and publishes \`dist/\` |
`;
