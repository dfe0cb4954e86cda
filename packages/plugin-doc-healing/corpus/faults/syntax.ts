import { spawnSync } from 'node:child_process';
import { stripTypeScriptTypes } from 'node:module';
import { parseAllDocuments } from 'yaml';
import type { Random } from '../random.ts';
import { type Block, blocksOf, lastLine, type Patient, put, type Seeder } from './fault.ts';

type Slip = (text: string, random: Random) => string;

/** Slips of one language, and a parser that is not the healer's to see that what was right is wrong afterwards. */
function slips(
  kind: string,
  languages: RegExp,
  list: readonly Slip[],
  isRight: (text: string, language: string) => boolean,
): Seeder {
  return (patient, random) => {
    for (const block of random.shuffle(blocksOf(patient, languages))) {
      if (block.text.length > 4000 || block.text.trim() === '' || !isRight(block.text, block.language))
        continue;
      for (const slip of random.shuffle(list)) {
        const text = slip(block.text, random);
        if (
          text === block.text ||
          text.split('\n').length !== block.text.split('\n').length ||
          isRight(text, block.language)
        )
          continue;
        return seeded(patient, kind, block, text);
      }
    }
    return undefined;
  };
}

function seeded(patient: Patient, kind: string, block: Block, text: string): ReturnType<Seeder> {
  put(patient, block.file, block.line, text.split('\n'));
  const lines = block.text.split('\n');
  const at = text.split('\n').findIndex((line, index) => line !== lines[index]);
  const what = `${(text.split('\n')[at] ?? '').trim()} → ${(lines[at] ?? '').trim()}`;
  return {
    kind,
    repository: patient.name,
    file: block.file,
    line: block.line,
    lastLine: lastLine(block),
    what,
  };
}

/** Takes one of the matches of a pattern away, or replaces it. */
function once(pattern: RegExp, by: (match: string) => string): Slip {
  return (text, random) => {
    const found = [...text.matchAll(pattern)];
    if (found.length === 0) return text;
    const match = random.pick(found);
    return text.slice(0, match.index) + by(match[0]) + text.slice(match.index + match[0].length);
  };
}

const without = (pattern: RegExp): Slip => once(pattern, () => '');

const scriptSlips: readonly Slip[] = [
  without(/[)\]}](?=[;,\s)\]}]|$)/g),
  without(/[([{]/g),
  without(/['"`](?=[),;\]\s])/g),
  without(/(?<=\w['"\])}]|\w),(?= [\w'"{[])/g),
  once(
    /\b(?:const|function|return|import|export|await|async|class|from)\b/g,
    (word) => word[0] + word.slice(2, 3) + word[1] + word.slice(3),
  ),
  without(/=>/g),
  without(/(?<=\w):(?= )/g),
];

/** Slips in JavaScript and TypeScript. Whether it was right says the parser in Node. */
export const scriptSlip: Seeder = slips(
  'syntax of scripts',
  /^(?:js|javascript|ts|typescript|mjs)$/,
  scriptSlips,
  (text) => {
    try {
      stripTypeScriptTypes(text);
      return true;
    } catch {
      return false;
    }
  },
);

const dataSlips: readonly Slip[] = [
  once(/(?<=["\d\]}e])(?=\s*\n\s*[\]}])/g, () => ','),
  without(/,(?=\s*\n)/g),
  once(/"[\w-]+"(?=\s*:)/g, (key) => key.slice(1, -1)),
  once(/"[\w -]+"/g, (text) => `'${text.slice(1, -1)}'`),
  without(/"(?=\s*[,:\n\]}])/g),
  without(/[\]}](?=\s*(?:[,\]}]|$))/g),
  once(/^ {2,}(?=\S)/gm, (indent) => '\t'.repeat(indent.length / 2)),
  once(/(?<=^\s*[\w.-]+): (?=\S)/gm, () => ' '),
  once(/(?<=^\s*(?:- )?[\w.-]+): (?=["'[{])/gm, () => ':'),
  once(/(?<=^)(?=\w[\w-]*: *\S)/gm, () => '   '),
];

/** Slips in JSON and YAML. */
export const dataSlip: Seeder = slips('syntax of data', /^(?:json|ya?ml)$/, dataSlips, (text, language) => {
  if (language !== 'json')
    return parseAllDocuments(text).every((each) => 'errors' in each && each.errors.length === 0);
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
});

const shellSlips: readonly Slip[] = [
  without(/['"](?=\s|$)/gm),
  without(/(?<=\s|=)['"](?=\w)/gm),
  once(/(?<=\w)(?=\s*$)/g, () => ' "'),
  once(/(?<=[\w-] )(?=[\w./@-]+$)/gm, () => "'"),
  once(/(?<=[\w-])$/gm, () => ')'),
  once(/ && (?=\S)/g, () => ' && && '),
];

/** Slips in commands. */
export const shellSlip: Seeder = slips('syntax of commands', /^(?:sh|bash|shell)$/, shellSlips, (text) => {
  if (/<[a-z]|\[[a-z]|^\s*[$>] /m.test(text)) return false;
  return (
    spawnSync('bash', ['-n'], { input: `${text}\n`, env: { PATH: process.env.PATH ?? '' } }).status === 0
  );
});
