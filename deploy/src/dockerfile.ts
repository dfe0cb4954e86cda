/** One instruction of a Dockerfile: `COPY`, and what stands behind it, continued lines joined. */
export interface Instruction {
  name: string;
  text: string;
}

/** What a Dockerfile says, one list for each stage; what stands before the first is not looked at. */
export function readDockerfile(text: string): Instruction[][] {
  const stages: Instruction[][] = [];
  const lines = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n');
  for (const line of lines) {
    const [, name, rest] = /^([A-Z]+)\s+(.+)$/.exec(line) ?? [];
    if (name === undefined || rest === undefined) {
      if (line.trim() !== '') throw new Error(`This is no instruction: ${line}`);
      continue;
    }
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push({ name, text: rest });
  }
  return stages;
}

/** The variables that a stage sets. */
export function environmentOf(stage: readonly Instruction[]): Record<string, string> {
  const pairs = stage.filter(({ name }) => name === 'ENV').flatMap(({ text }) => text.split(/\s+/));
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

/** The words of an instruction in its form as JSON. @throws for one in another form, which would need a shell */
export function wordsOf(stage: readonly Instruction[], name: string): string[] {
  const found = stage.find((each) => each.name === name);
  const json = found?.text.slice(found.text.indexOf('['));
  return JSON.parse(json ?? '') as string[];
}
