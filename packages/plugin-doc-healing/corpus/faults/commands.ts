import {
  changeBase,
  type Fault,
  isFree,
  isText,
  manifestOf,
  olderName,
  type Patient,
  put,
  type Seeder,
} from './fault.ts';

interface Line {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

function linesOf(patient: Patient, pattern: RegExp): Line[] {
  const found: Line[] = [];
  for (const [file, text] of patient.original) {
    if (!isText(file)) continue;
    let inside = false;
    let shell = false;
    for (const [at, line] of text.split('\n').entries()) {
      const [, language] = /^(?:```|~~~)\s*([\w-]*)/.exec(line) ?? [];
      if (language !== undefined) {
        inside = !inside;
        shell = inside && /^(?:sh|bash|shell|console|zsh)$/.test(language);
      } else if (
        (shell || /`[^`]*`/.test(line)) &&
        (shell || !inside) &&
        pattern.test(line) &&
        isFree(patient, file, at + 1, at + 1)
      )
        found.push({ file, line: at + 1, text: line });
    }
  }
  return found;
}

function replaced(
  patient: Patient,
  kind: string,
  { file, line, text }: Line,
  put_: string,
  what: string,
): Fault {
  put(patient, file, line, [text.replace(text, put_)]);
  return { kind, repository: patient.name, file, line, lastLine: line, what };
}

/** A script of a package.json that was called otherwise. */
export const renamedScript: Seeder = (patient, random) => {
  for (const place of random.shuffle(linesOf(patient, /\b(?:npm|pnpm|yarn) run [\w:-]+/))) {
    const name = /\b(?:npm|pnpm|yarn) run ([\w:-]+)/.exec(place.text)![1]!;
    const manifest = manifestOf(patient, place.file);
    const scripts = manifest?.value.scripts as Record<string, string> | undefined;
    const owner = scripts?.[name] === undefined ? 'package.json' : manifest!.path;
    const all =
      (JSON.parse(patient.base.get(owner) ?? '{}') as { scripts?: Record<string, string> }).scripts ?? {};
    const old = random.pick([
      `${name}:all`,
      `do-${name}`,
      `${name}-once`,
      olderName(name.replace(/[:-]/g, ''), random),
    ]);
    if (all[name] === undefined || all[old] !== undefined || patient.used.has(`script ${owner} ${name}`))
      continue;
    patient.used.add(`script ${owner} ${name}`);
    const before = JSON.parse(patient.base.get(owner)!) as Record<string, unknown>;
    const entries = Object.entries(all).map(([key, value]) => [key === name ? old : key, value]);
    patient.base.set(owner, JSON.stringify({ ...before, scripts: Object.fromEntries(entries) }, null, 2));
    return replaced(
      patient,
      'renamed script',
      place,
      place.text.replace(`run ${name}`, `run ${old}`),
      `${old} → ${name}`,
    );
  }
  return undefined;
};

/** An option of a command that was called otherwise. */
export const renamedFlag: Seeder = (patient, random) => {
  const commands = [...patient.original].flatMap(([file, text]) => {
    if (file !== 'package.json' && !file.endsWith('/package.json')) return [];
    const { name = '', bin } = JSON.parse(text) as { name?: string; bin?: string | Record<string, string> };
    return typeof bin === 'string' ? [name.replace(/^@.*\//, '')] : Object.keys(bin ?? {});
  });
  for (const place of random.shuffle(linesOf(patient, /--[a-z][\w-]+/))) {
    const [, command, rest = ''] =
      /(?:^|[`$]\s*|npx |\s)([\w-]+)((?: [^`|;&#]*)? --[a-z][^`|;&#]*)/.exec(place.text) ?? [];
    if (command === undefined || !commands.includes(command) || rest.includes(' -- ')) continue;
    const flags = [...rest.matchAll(/ --([a-z][a-z0-9-]{2,})(?=[ =`]|$)/g)].map((match) => match[1]!);
    const flag = flags.length > 0 ? random.pick(flags) : undefined;
    if (flag === undefined || /^(?:no-|help|version)/.test(flag) || patient.used.has(`--${flag}`)) continue;
    const old = random.pick([`use-${flag}`, `${flag}-mode`, `${flag}ed`, `with-${flag}`, `enable-${flag}`]);
    const camel = (text: string): string =>
      text.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    const count = changeBase(
      patient,
      (text) =>
        text
          .replace(new RegExp(`--${flag}(?![\\w-])`, 'g'), `--${old}`)
          .replace(new RegExp(`(['"])${flag}\\1`, 'g'), `$1${old}$1`)
          .replace(new RegExp(`^(\\s*)${camel(flag)}(\\s*:\\s*\\{)`, 'gm'), `$1${camel(old)}$2`),
      (file) => !isText(file) && /\.[cm]?[jt]sx?$|(?:^|\/)bin\//.test(file),
    );
    if (count === 0) continue;
    patient.used.add(`--${flag}`);
    return replaced(
      patient,
      'renamed flag',
      place,
      place.text.replace(`--${flag}`, `--${old}`),
      `--${old} → --${flag}`,
    );
  }
  return undefined;
};

/** A version of a package that was the current one. */
export const outdatedVersion: Seeder = (patient, random) => {
  for (const place of random.shuffle(linesOf(patient, /@\d+\.\d+\.\d+|"[\^~]\d+\.\d+/))) {
    const manifest = [...patient.original].find(([file, text]) => {
      if (!file.endsWith('package.json')) return false;
      const { name, version } = JSON.parse(text) as { name?: string; version?: string };
      return name !== undefined && version !== undefined && place.text.includes(`${name}@${version}`);
    });
    if (!manifest || patient.used.has(`version ${manifest[0]}`)) continue;
    const value = JSON.parse(patient.base.get(manifest[0])!) as { version: string };
    const [major = 0, minor = 0, last = 0] = value.version.split(/[.-]/).map(Number);
    const older = random.pick([
      `${Math.max(0, major - 1)}.${minor + 2}.${last}`,
      `${major}.${Math.max(0, minor - 1)}.${last + 3}`,
      `${major}.${minor}.${last + 1}-beta.1`,
    ]);
    patient.used.add(`version ${manifest[0]}`);
    patient.base.set(manifest[0], JSON.stringify({ ...value, version: older }, null, 2));
    const text = place.text.replace(`@${value.version}`, `@${older}`);
    return replaced(patient, 'outdated version', place, text, `${older} → ${value.version}`);
  }
  return undefined;
};
