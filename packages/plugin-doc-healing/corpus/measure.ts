import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { checkProject } from '../src/check/check-project.ts';
import type { Finding } from '../src/check/finding.ts';
import { healProject } from '../src/heal/heal-project.ts';
import { openProject } from '../src/project/project.ts';
import { createMemoryTree } from '../src/tree/tree.ts';
import { outdatedVersion, renamedFlag, renamedScript } from './faults/commands.ts';
import type { Fault, Patient, Seeder } from './faults/fault.ts';
import { changedSignature, movedSymbol, renamedSymbol } from './faults/names.ts';
import { movedFile, movedImage, renamedHeading } from './faults/places.ts';
import { dataSlip, scriptSlip, shellSlip } from './faults/syntax.ts';
import { createRandom } from './random.ts';
import type { Repository } from './repository.ts';

/** The kinds of faults, and what puts them in. */
export const seeders: Readonly<Record<string, Seeder>> = {
  'renamed symbol': renamedSymbol,
  'moved symbol': movedSymbol,
  'changed signature': changedSignature,
  'moved file': movedFile,
  'moved image': movedImage,
  'renamed heading': renamedHeading,
  'renamed script': renamedScript,
  'renamed flag': renamedFlag,
  'outdated version': outdatedVersion,
  'syntax of scripts': scriptSlip,
  'syntax of data': dataSlip,
  'syntax of commands': shellSlip,
};

/** What became of one fault. */
export interface FaultOutcome extends Fault {
  readonly found: boolean;
  readonly healed: 'original' | 'equal' | 'otherwise' | 'no';
  /** What was found there, for people. */
  readonly messages: readonly string[];
  /** What stands there now, when that is not what stood there before. */
  readonly now?: string;
}

/** What was found in texts that nobody put a fault into. */
export interface CleanOutcome {
  readonly blocks: number;
  readonly checked: number;
  readonly links: number;
  readonly findings: readonly (Finding & { readonly repository: string })[];
}

export interface SeedOutcome {
  readonly seed: number;
  readonly faults: readonly FaultOutcome[];
  /** Whether `git apply` took every diff. */
  readonly applied: boolean;
  /** Right texts, with all that the code has changed since. */
  readonly drifted: CleanOutcome;
}

const minConfidence = 0.5;

/** Puts faults in and lets them be found and healed. */
export async function measureSeed(
  corpus: readonly Repository[],
  seed: number,
  count: number,
): Promise<SeedOutcome> {
  const { patients, faults } = seedFaults(corpus, seed, count);
  const outcomes: FaultOutcome[] = [];
  let applied = true;
  const drifted: CleanOutcome[] = [];
  for (const patient of patients) {
    const own = faults.filter(({ repository }) => repository === patient.name);
    if (own.length === 0) continue;
    const project = await openProject(treeOf(patient.head), treeOf(patient.base));
    const report = await checkProject(project, { maxFindings: 100_000 });
    const { patch } = await healProject(project, { minConfidence });
    const healed = apply(patient.head, patch);
    applied &&= healed !== undefined;
    for (const fault of own) outcomes.push(judge(fault, patient, report.findings, healed ?? patient.head));
    drifted.push(await checkRight(patient.name, patient.original, patient.base));
  }
  return { seed, faults: outcomes, applied, drifted: sum(drifted) };
}

/** Texts as they are, without any other state to compare with. */
export async function measureClean(corpus: readonly Repository[]): Promise<CleanOutcome> {
  const all: CleanOutcome[] = [];
  for (const { name, files } of corpus) all.push(await checkRight(name, files));
  return sum(all);
}

async function checkRight(
  repository: string,
  files: ReadonlyMap<string, string>,
  base?: ReadonlyMap<string, string>,
): Promise<CleanOutcome> {
  const project = await openProject(treeOf(files), base && treeOf(base));
  const { blocks, links, findings } = await checkProject(project, { maxFindings: 100_000 });
  return {
    ...{ blocks: blocks.total, checked: blocks.total - blocks.not_checked, links },
    findings: findings.map((finding) => ({ ...finding, repository })),
  };
}

function sum(all: readonly CleanOutcome[]): CleanOutcome {
  return {
    blocks: all.reduce((total, { blocks }) => total + blocks, 0),
    checked: all.reduce((total, { checked }) => total + checked, 0),
    links: all.reduce((total, { links }) => total + links, 0),
    findings: all.flatMap(({ findings }) => findings),
  };
}

function seedFaults(
  corpus: readonly Repository[],
  seed: number,
  count: number,
): { patients: Patient[]; faults: Fault[] } {
  const random = createRandom(seed);
  const patients = corpus.map(({ name, files }): Patient => {
    return {
      name,
      original: files,
      head: new Map(files),
      base: new Map(files),
      taken: new Set(),
      used: new Set(),
    };
  });
  const faults: Fault[] = [];
  const kinds = new Set(Object.keys(seeders));
  // In turns, so that each kind gets as many as there are places for it.
  while (faults.length < count && kinds.size > 0) {
    for (const kind of kinds) {
      if (faults.length >= count) break;
      let fault: Fault | undefined;
      for (const patient of random.shuffle(patients)) {
        fault = seeders[kind]!(patient, random);
        if (fault) break;
      }
      if (fault) faults.push(fault);
      else kinds.delete(kind);
    }
  }
  return { patients, faults };
}

function treeOf(files: ReadonlyMap<string, string>): ReturnType<typeof createMemoryTree> {
  return createMemoryTree(Object.fromEntries(files));
}

/** Applies a diff with git, in a folder of its own. */
function apply(files: ReadonlyMap<string, string>, patch: string): ReadonlyMap<string, string> | undefined {
  if (patch === '') return files;
  const folder = mkdtempSync(join(tmpdir(), 'vwmp-corpus-'));
  try {
    const changed = [...patch.matchAll(/^\+\+\+ b\/(.*?)\t?$/gm)].map((match) => match[1]!);
    for (const file of changed) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), files.get(file)!);
    }
    execFileSync('git', ['init', '-q'], { cwd: folder });
    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], {
      cwd: folder,
      input: patch,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    return new Map([
      ...files,
      ...changed.map((file): [string, string] => [file, readFileSync(join(folder, file), 'utf8')]),
    ]);
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function judge(
  fault: Fault,
  patient: Patient,
  findings: readonly Finding[],
  healed: ReadonlyMap<string, string>,
): FaultOutcome {
  const { file, line, lastLine } = fault;
  const there = findings.filter((each) => each.file === file && each.line >= line && each.line <= lastLine);
  const original = patient.original
    .get(file)!
    .split('\n')
    .slice(line - 1, lastLine);
  const now = textNow(patient.head.get(file)!, healed.get(file)!, line, lastLine);
  const wrong = patient.head
    .get(file)!
    .split('\n')
    .slice(line - 1, lastLine)
    .join('\n');
  const state =
    now === original.join('\n')
      ? 'original'
      : now === wrong
        ? 'no'
        : isEqual(original.join('\n'), now)
          ? 'equal'
          : 'otherwise';
  return {
    ...fault,
    found: there.length > 0,
    healed: state,
    messages: there.map(({ kind, message }) => `${kind}: ${message}`),
    ...(state === 'original' || state === 'equal' ? {} : { now }),
  };
}

/** The lines of a text that stand where others stood, in a text in which lines may have come or gone. */
function textNow(before: string, after: string, line: number, lastLine: number): string {
  const old = before.split('\n');
  const lines = after.split('\n');
  if (old.length === lines.length) return lines.slice(line - 1, lastLine).join('\n');
  // Between the nearest lines around it that did not change; from the ends, each line that is the same is one of them.
  let first = line - 1;
  const shift = lines.length - old.length;
  const start = lines.indexOf(old[first - 1] ?? '', Math.max(0, first - 1 - Math.abs(shift)));
  if (start >= 0) first = start + 1;
  const closing = old[lastLine] ?? '';
  const end = lines.findIndex(
    (each, at) => at >= first + (lastLine - line) - Math.abs(shift) && at >= first && each === closing,
  );
  return lines.slice(first, end < 0 ? undefined : end).join('\n');
}

/** Equally valid: the same but for blanks, commas and semicolons that change nothing, or the same data. */
function isEqual(original: string, now: string): boolean {
  const bare = (text: string): string =>
    text
      .replaceAll('"', "'")
      // In a shell, quotes around what needs none.
      .replace(/(?<=^[^\n]*[\s=])'([\w@./:=-]+)'(?=\s|$)/gm, '$1')
      .replace(/\s+/g, '')
      .replace(/,(?=[)\]}])/g, '')
      .replace(/;/g, '');
  if (bare(original) === bare(now)) return true;
  return isDeepStrictEqual(dataOf(original) ?? {}, dataOf(now));
}

function dataOf(text: string): unknown {
  const documents = parseAllDocuments(text);
  if (documents.length !== 1) return undefined;
  const [document] = documents as { errors: unknown[]; toJS(): unknown }[];
  const value = document!.errors.length > 0 ? undefined : document!.toJS();
  return typeof value === 'object' && value !== null ? value : undefined;
}

/** Says which version a README means where it only says what to install, so that there are versions to be outdated. */
export function pinVersions({ name, files }: Repository): Repository {
  const pinned = new Map(files);
  const manifests = [...files]
    .filter(([file]) => file.endsWith('package.json'))
    .map(([, text]) => JSON.parse(text) as { name?: string; version?: string });
  for (const [file, text] of files) {
    if (!/(?:^|\/)README\.md$/.test(file)) continue;
    let changed = text;
    for (const { name: own, version } of manifests) {
      if (own === undefined || version === undefined) continue;
      const install = new RegExp(
        `((?:npm (?:i|install|add)|yarn add|pnpm add)(?: -{1,2}[\\w-]+)* )${own.replace(/[/.]/g, '\\$&')}(?=\\s|$)`,
        'g',
      );
      changed = changed.replace(install, `$1${own}@${version}`);
    }
    pinned.set(file, changed);
  }
  return { name, files: pinned };
}
