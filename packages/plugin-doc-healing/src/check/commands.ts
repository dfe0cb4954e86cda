import { canonicalLanguage } from '../languages/index.ts';
import type { MarkdownDocument } from '../markdown/model.ts';
import { offsetsOf } from '../markdown/offsets.ts';
import { knowsFlag } from '../project/flags.ts';
import type { Package } from '../project/package.ts';
import type { Project } from '../project/project.ts';
import { type Finding, findingAt } from './finding.ts';
import { readCommands, type Word } from './shell-words.ts';

/** Scripts that the package managers run by their names alone. */
const own = new Set(['test', 'start', 'stop', 'restart']);
const managers = new Set(['npm', 'pnpm', 'yarn', 'bun']);
/** Scripts that a manual tells its readers to have, not of this repository. */
const languages = new Set(['shell', 'console', 'text', 'cmd', 'powershell']);

/** A piece of text that may be commands: a block, or code in a sentence. */
interface Piece {
  readonly text: string;
  /** The offset in the file of each offset in it. */
  readonly at: (offset: number) => number | undefined;
  readonly block?: number;
}

/** Scripts of package managers and options of the repository's own commands that are not there any more. */
export async function checkCommands(
  file: string,
  document: MarkdownDocument,
  project: Project,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const definesScripts = /"scripts"\s*:/.test(document.text);
  const { commandsOf } = await import('../languages/tools.ts');
  for (const { text, at, block } of piecesOf(document)) {
    for (const words of readCommands(commandsOf(text))) {
      const add = (
        word: Word,
        from: number,
        rest: Pick<Finding, 'kind' | 'message' | 'subject' | 'data'>,
      ): void => {
        const start = at(word.start + from);
        if (start === undefined || document.text.slice(start, start + rest.subject.length) !== rest.subject)
          return;
        const place = block === undefined ? {} : { block };
        findings.push(
          findingAt(document.text, start, start + rest.subject.length, { ...rest, file, ...place }),
        );
      };
      const script = scriptOf(words);
      if (script) {
        const problem = scriptProblem(file, script.text, project, definesScripts);
        if (problem) add(script, 0, { kind: 'script_missing', message: problem, subject: script.text });
      }
      for (const { word, flag, message, owner } of await flagProblems(words, project))
        add(word, 2, { kind: 'flag_unknown', message, subject: flag, data: { package: owner.folder } });
    }
  }
  return findings;
}

function* piecesOf(document: MarkdownDocument): Generator<Piece> {
  const { blocks, codes } = document;
  for (const [index, block] of blocks.entries()) {
    if (!languages.has(canonicalLanguage(block.language)) && block.language !== '') continue;
    if (block.language === '' && !/^[ \t]*(?:[$❯] )?(?:npm|npx|pnpm|yarn|bun|[a-z-]+ --)\b/m.test(block.text))
      continue;
    yield { text: block.text, at: offsetsOf(block), block: index };
  }
  for (const { text, start } of codes)
    if (/^(?:npm|npx|pnpm|yarn|bun)\s|\s--[a-z]/.test(text))
      yield { text, at: (offset) => (start === undefined ? undefined : start + offset) };
}

/** The word of a command that names a script. */
function scriptOf(words: readonly Word[]): Word | undefined {
  const [manager, ...rest] = skipEnvironment(words);
  if (!manager || !managers.has(manager.text)) return undefined;
  const before = rest.findIndex(({ text }) => text === '--');
  const bare = (before < 0 ? rest : rest.slice(0, before)).filter(({ text }, at, all) => {
    return (
      !text.startsWith('-') &&
      !/^(?:-w|--workspace|--prefix|-C|--filter|-F|--dir)$/.test(all[at - 1]?.text ?? '')
    );
  });
  const [verb, name] = bare;
  if (!verb) return undefined;
  if (verb.text === 'run' || verb.text === 'run-script')
    return name && /^[\w:.-]+$/.test(name.text) ? name : undefined;
  return own.has(verb.text) && manager.text !== 'bun' ? verb : undefined;
}

function skipEnvironment(words: readonly Word[]): readonly Word[] {
  const first = words.findIndex(
    ({ text }) => !/^\w+=/.test(text) && text !== 'sudo' && text !== 'env' && text !== '$',
  );
  return first < 0 ? [] : words.slice(first);
}

function scriptProblem(
  file: string,
  name: string,
  { head, base }: Project,
  defines: boolean,
): string | undefined {
  if (head.packages.some(({ scripts }) => Object.hasOwn(scripts, name))) {
    // There, but perhaps not where the reader is: only who knows that it was is sure.
    const [nearest] = head.packagesAround(file);
    const [before] = base?.packagesAround(file) ?? [];
    const gone =
      before && Object.hasOwn(before.scripts, name) && nearest && !Object.hasOwn(nearest.scripts, name);
    const above = head.packagesAround(file).some(({ scripts }) => Object.hasOwn(scripts, name));
    return gone && !above ? `${nearest.file} has no script "${name}" any more.` : undefined;
  }
  const was = base?.packages.find(({ scripts }) => Object.hasOwn(scripts, name));
  if (was) return `${was.file} has no script "${name}" any more.`;
  if (own.has(name) || defines) return undefined;
  const around = head.packagesAround(file);
  if (!around.some(({ scripts }) => Object.keys(scripts).length > 0)) return undefined;
  return `No package.json has a script "${name}".`;
}

interface FlagProblem {
  readonly word: Word;
  readonly flag: string;
  readonly message: string;
  readonly owner: Package;
}

async function flagProblems(words: readonly Word[], { head, base }: Project): Promise<FlagProblem[]> {
  const [first, ...rest] = skipEnvironment(words);
  const arguments_ =
    first && /^(?:npx|bunx|pnpx)$/.test(first.text)
      ? rest.slice(rest.findIndex(({ text }) => !text.startsWith('-')))
      : [first, ...rest];
  const direct =
    first && managers.has(first.text) && /^(?:exec|dlx)$/.test(rest[0]?.text ?? '')
      ? rest.slice(1)
      : arguments_;
  const [command, ...options] = direct.filter((word) => word !== undefined);
  if (!command) return [];
  const name = command.text.replace(/(?!^)@[^/]*$/, '').replace(/^\.\/node_modules\/\.bin\//, '');
  const owner = head.packages.find(({ commands }) => Object.hasOwn(commands, name));
  if (!owner) return [];
  const problems: FlagProblem[] = [];
  for (const word of options) {
    if (word.text === '--') break;
    const [, flag] = /^--([A-Za-z][A-Za-z0-9-]*)(?:=.*)?$/s.exec(word.text) ?? [];
    if (flag === undefined || /^(?:help|version)$/.test(flag)) continue;
    const now = await head.flags.of(owner);
    const was = base?.packages.find(
      ({ folder, commands }) => folder === owner.folder && Object.hasOwn(commands, name),
    );
    const before = was && (await base?.flags.of(was));
    if (now.declared.has(flag)) continue;
    const gone = before?.declared.has(flag) === true;
    if (!gone && (knowsFlag(now, flag) || !now.complete)) continue;
    problems.push({
      word,
      flag,
      owner,
      message: `${name} has no option --${flag}${gone ? ' any more' : ''}.`,
    });
  }
  return problems;
}
