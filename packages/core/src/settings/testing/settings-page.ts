import type { DeploymentMode } from '../settings.ts';
import { otherVariables, type Variable, variables } from '../variables.ts';

const modes: readonly DeploymentMode[] = ['lightweight', 'hybrid', 'full'];

const introduction = `# Settings

A platform is set up by variables of the environment. A file \`.env\` in the working directory is read too; where both have a
variable, the environment wins, and an empty value counts as none. [\`.env.lightweight\`](../.env.lightweight),
[\`.env.hybrid\`](../.env.hybrid) and [\`.env.full\`](../.env.full) are examples to begin from.

| | lightweight | hybrid | full |
| --- | --- | --- | --- |
| for | one process, nothing else to run | one process and a PostgreSQL server | many processes, PostgreSQL and Redis |
| database | SQLite | PostgreSQL | PostgreSQL |
| queue | in memory | in memory | Redis |
| worker | in the process | in the process | \`vwmp worker\` |

Durations are written as in workflows: \`250ms\`, \`10s\`, \`5m\`, \`2h\`, \`1d\`. Flags are \`true\` or \`false\`. Whatever cannot be read
or cannot work together ends the start with one error (\`SETTINGS_INVALID\`) that lists all problems; what is odd, such as a name that is
nearly right, is a warning. \`vwmp doctor\` shows what is in effect.

## Variables
`;

/** The text of docs/settings.md. */
export function settingsPage(): string {
  const rows = (Object.values(variables) as Variable<unknown>[]).map(
    (variable) =>
      `| \`${variable.name}\` | ${about(variable)} | ${inCell(variable.kind.allowed)} | ${standard(variable)} |`,
  );
  const others = otherVariables.map(({ name, about }) => `- \`${name}\`: ${about}`);
  return [
    introduction,
    '| variable | what it is for | may be | when not given |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    'Other parts read these:',
    '',
    ...others,
    '',
  ].join('\n');
}

function about({ about, only }: Variable<unknown>): string {
  return only ? `${about} Only with ${only.words}.` : about;
}

function standard({ kind, standard }: Variable<unknown>): string {
  if (!standard) return '–';
  const shown = modes.map((mode) => {
    const text = kind.show(standard(mode));
    return text === '' ? '–' : `\`${text}\``;
  });
  return new Set(shown).size === 1
    ? shown[0]!
    : modes.map((mode, index) => `${mode}: ${shown[index]}`).join(', ');
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
