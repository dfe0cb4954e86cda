import {
  type Block,
  blocksOf,
  changeBase,
  type Fault,
  isCode,
  lastLine,
  olderName,
  type Patient,
  put,
  type Seeder,
  word,
} from './fault.ts';

const script = /^(?:js|javascript|ts|typescript|jsx|tsx|mjs)$/;

interface Import {
  readonly block: Block;
  readonly names: readonly string[];
  readonly from: string;
}

/** Names that blocks import from packages of the repository. */
function importsOf(patient: Patient): Import[] {
  const own = [...patient.original]
    .filter(([file]) => file === 'package.json' || file.endsWith('/package.json'))
    .map(([, text]) => (JSON.parse(text) as { name?: string }).name ?? '')
    .filter((name) => name !== '');
  return blocksOf(patient, script).flatMap((block) => {
    const found: Import[] = [];
    for (const match of block.text.matchAll(
      /(?:import|const|let|var)\s*(?:type\s*)?\{([^}]*)\}\s*(?:from\s*|=\s*require\(\s*)['"]([^'"]+)['"]/g,
    )) {
      const from = match[2]!;
      if (!own.some((name) => from === name || from.startsWith(`${name}/`))) continue;
      const names = match[1]!
        .split(',')
        .map((each) => each.trim())
        .filter((each) => /^[A-Za-z_$][\w$]*$/.test(each));
      if (names.length > 0) found.push({ block, names, from });
    }
    return found;
  });
}

/** A function, class or type that was called otherwise. */
export const renamedSymbol: Seeder = (patient, random) => {
  for (const { block, names } of random.shuffle(importsOf(patient))) {
    const name = random.pick(names);
    const old = olderName(name, random);
    const declared = new RegExp(`(?:function|class|const|let|interface|type|enum)\\s+${name}\\b`);
    const exists = [...patient.original].some(([file, text]) => isCode(file) && declared.test(text));
    const clash = [...patient.original.values()].some((text) => word(old).test(text));
    if (name.length < 4 || !exists || clash || patient.used.has(name) || old === name) continue;
    patient.used.add(name);
    changeBase(patient, (text) => text.replace(word(name), old));
    put(patient, block.file, block.line, block.text.replace(word(name), old).split('\n'));
    return faultAt(patient, 'renamed symbol', block, `${old} → ${name}`);
  }
  return undefined;
};

/** A function that was imported from elsewhere: another entry of the package, or one of another name. */
export const movedSymbol: Seeder = (patient, random) => {
  for (const { block, names, from } of random.shuffle(importsOf(patient))) {
    const manifest = [...patient.original].find(([file, text]) => {
      const name = file.endsWith('package.json') ? (JSON.parse(text) as { name?: string }).name : undefined;
      return name !== undefined && (from === name || from.startsWith(`${name}/`));
    });
    if (!manifest) continue;
    const [path, text] = manifest;
    const value = JSON.parse(text) as { name: string; exports?: Record<string, unknown> };
    const { exports } = value;
    if (!exports || typeof exports !== 'object' || patient.used.has(`${path}:${from}`)) continue;
    const line = block.text
      .split('\n')
      .findIndex((each) => each.includes(`'${from}'`) || each.includes(`"${from}"`));
    if (line < 0 || block.text.split(from).length !== 2) continue;
    const others = Object.keys(exports).filter(
      (key) => /^\.(?:\/[\w-]+)?$/.test(key) && value.name + key.slice(1) !== from,
    );
    const target = random.pick(others);
    const file = target === undefined ? undefined : entryFile(patient, path, exports[target]);
    if (target !== undefined && file !== undefined && random.next() < 0.6) {
      const lines = names.map((name) => `export declare function ${name}(): void;`).join('\n');
      if (names.some((name) => word(name).test(patient.original.get(file)!))) continue;
      patient.base.set(file, `${patient.base.get(file)}\n${lines}\n`);
      return moved(patient, block, from, value.name + target.slice(1));
    }
    const sub = `.${from.slice(value.name.length)}`;
    if (sub === '.' || !(sub in exports)) continue;
    patient.used.add(`${path}:${from}`);
    const old = `./${olderName(sub.slice(2), random)}`;
    if (old in exports) continue;
    const before = JSON.parse(patient.base.get(path)!) as { exports: Record<string, unknown> };
    const entries = Object.entries(before.exports).map(([key, each]) => [key === sub ? old : key, each]);
    patient.base.set(path, JSON.stringify({ ...before, exports: Object.fromEntries(entries) }, null, 2));
    return moved(patient, block, from, value.name + old.slice(1));
  }
  return undefined;
};

function moved(patient: Patient, block: Block, from: string, old: string): Fault {
  put(
    patient,
    block.file,
    block.line,
    block.text.replace(new RegExp(`(['"])${from}\\1`), `$1${old}$1`).split('\n'),
  );
  return faultAt(patient, 'moved symbol', block, `${old} → ${from}`);
}

function entryFile(patient: Patient, manifest: string, entry: unknown): string | undefined {
  const folder = manifest.slice(0, -'package.json'.length);
  const targets = JSON.stringify(entry).match(/"\.\/[^"]+"/g) ?? [];
  return targets
    .map((each) => folder + each.slice(3, -1))
    .find((file) => /\.ts$/.test(file) && patient.original.has(file));
}

/** A function whose options or parameters were others. */
export const changedSignature: Seeder = (patient, random) => {
  for (const { block, names } of random.shuffle(importsOf(patient))) {
    for (const name of random.shuffle(names)) {
      if (patient.used.has(name)) continue;
      const call = new RegExp(`(?<![\\w.])${name}\\(([^()]*)\\)`).exec(block.text);
      const fault =
        call &&
        (renamedOption(patient, block, name, call, random) ??
          otherArguments(patient, block, name, call, random));
      if (fault) return fault;
    }
  }
  return undefined;
};

function renamedOption(
  patient: Patient,
  block: Block,
  name: string,
  call: RegExpExecArray,
  random: Parameters<Seeder>[1],
): Fault | undefined {
  const options = /\{([^{}]*)\}/.exec(call[1]!)?.[1] ?? '';
  const keys = [...options.matchAll(/(?:^|,)\s*([A-Za-z]\w{2,})\s*(?=[:,]|$)/g)].map((match) => match[1]!);
  if (keys.length === 0) return undefined;
  const key = random.pick(keys);
  const old = olderName(key, random);
  const declares = new RegExp(`^(\\s*(?:readonly\\s+)?)${key}(\\??:)`, 'm');
  const typed = [...patient.original].filter(
    ([file, text]) => /\.[cm]?ts$/.test(file) && declares.test(text),
  );
  if (typed.length === 0 || typed.length > 3 || patient.used.has(key)) return undefined;
  patient.used.add(key).add(name);
  changeBase(patient, (text) => text.replace(new RegExp(declares.source, 'gm'), `$1${old}$2`));
  const start = call.index + call[0].indexOf(options);
  const renamed = options.replace(
    new RegExp(`(^|,)(\\s*)${key}(\\s*)(?=[:,]|$)`),
    (whole, comma: string, blank: string, after: string) => {
      return /:/.test(options.slice(options.indexOf(whole) + whole.length)[0] ?? '')
        ? `${comma}${blank}${old}${after}`
        : `${comma}${blank}${old}: ${key}${after}`;
    },
  );
  const text = block.text.slice(0, start) + renamed + block.text.slice(start + options.length);
  put(patient, block.file, block.line, text.split('\n'));
  return faultAt(patient, 'changed signature', block, `${name}: option ${old} → ${key}`);
}

function otherArguments(
  patient: Patient,
  block: Block,
  name: string,
  call: RegExpExecArray,
  random: Parameters<Seeder>[1],
): Fault | undefined {
  const given = call[1]!.split(',').map((each) => each.trim());
  if (given.some((each) => each === '' || !/^(?:'[^']*'|"[^"]*"|[\w.$]+)$/.test(each))) return undefined;
  const declaration = new RegExp(`(function ${name}(?:<[^>()]*>)?\\()([^()]*)\\)`);
  const declared = [...patient.original].filter(
    ([file, text]) =>
      /\.[cm]?ts$/.test(file) &&
      text.split(new RegExp(`function ${name}\\b`)).length === 2 &&
      declaration.test(text),
  );
  const [first] = declared;
  if (!first) return undefined;
  const parameters = declaration
    .exec(first[1])![2]!
    .split(/,(?![^<]*>)/)
    .map((each) => each.trim())
    .filter((each) => each !== '');
  if (parameters.some((each) => !/^\w+\??:/.test(each)) || given.length > parameters.length) return undefined;
  // The other calls of the old texts would have been otherwise, too.
  const calls = [...patient.original]
    .filter(([file]) => file.endsWith('.md'))
    .reduce((sum, [, text]) => sum + text.split(`${name}(`).length - 1, 0);
  if (calls > 1) return undefined;
  const swap = given.length === 2 && parameters.length === 2 && random.next() < 0.7;
  const args = swap ? [given[1]!, given[0]!] : [...given, 'true'];
  const before = swap ? [parameters[1]!, parameters[0]!] : [...parameters, 'legacy: boolean'];
  if (!swap && given.length !== parameters.length) return undefined;
  patient.used.add(name);
  for (const [file] of declared)
    patient.base.set(file, patient.base.get(file)!.replace(declaration, `$1${before.join(', ')})`));
  const text =
    block.text.slice(0, call.index) +
    `${name}(${args.join(', ')})` +
    block.text.slice(call.index + call[0].length);
  put(patient, block.file, block.line, text.split('\n'));
  return faultAt(patient, 'changed signature', block, `${name}(${args.join(', ')}) → ${call[0]}`);
}

export function faultAt(patient: Patient, kind: string, block: Block, what: string): Fault {
  return {
    kind,
    repository: patient.name,
    file: block.file,
    line: block.line,
    lastLine: lastLine(block),
    what,
  };
}
