import type { Random } from '../random.ts';
import { type Fault, isFree, isText, olderName, type Patient, put, type Seeder } from './fault.ts';

interface Place {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly url: string;
  readonly image: boolean;
}

/** Links and images on lines of their own or in sentences, outside of code. */
function placesOf(patient: Patient): Place[] {
  const found: Place[] = [];
  for (const [file, text] of patient.original) {
    if (!isText(file)) continue;
    let fence = '';
    for (const [at, line] of text.split('\n').entries()) {
      const [, mark] = /^\s*(`{3,}|~{3,})/.exec(line) ?? [];
      if (mark !== undefined) fence = fence === '' ? mark : line.trim().startsWith(fence) ? '' : fence;
      if (fence !== '' || mark !== undefined || !isFree(patient, file, at + 1, at + 1)) continue;
      for (const match of line.matchAll(/(!?)\[[^[\]]*\]\(([^()\s]+)\)/g))
        if (line.split(match[2]!).length === 2)
          found.push({ file, line: at + 1, text: line, url: match[2]!, image: match[1] === '!' });
    }
  }
  return found;
}

function targetOf({ file, url }: Place): string | undefined {
  const [path = ''] = url.split(/[#?]/);
  if (path === '' || /^[a-z][a-z+.-]*:|^\//i.test(path)) return undefined;
  const parts = file.split('/').slice(0, -1);
  for (const part of decodeURI(path).split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function moveTarget(kind: string, wanted: (place: Place) => boolean): Seeder {
  return (patient, random) => {
    for (const place of random.shuffle(placesOf(patient).filter(wanted))) {
      const target = targetOf(place);
      const content = target === undefined ? undefined : patient.original.get(target);
      if (
        target === undefined ||
        content === undefined ||
        patient.used.has(target) ||
        /^README/i.test(target)
      )
        continue;
      const [path = ''] = place.url.split('#');
      const old = olderPath(path, random);
      const before = targetOf({ ...place, url: old });
      if (before === undefined || before === target || patient.original.has(before)) continue;
      patient.used.add(target);
      patient.base.set(before, patient.base.get(target)!);
      patient.base.delete(target);
      return replaceUrl(patient, place, place.url.replace(path, old), kind);
    }
    return undefined;
  };
}

/** Another folder, another name, or both. */
function olderPath(path: string, random: Random): string {
  const at = path.lastIndexOf('/') + 1;
  const [folder, name] = [path.slice(0, at), path.slice(at)];
  const [, stem = name, ending = ''] = /^(.+?)(\.[^.]+)?$/.exec(name) ?? [];
  const renamed = `${/-/.test(stem) ? stem.split('-').reverse().join('-') : olderName(stem, random)}${ending}`;
  const moved = `${folder}${random.pick(['old/', 'guide/', 'resources/', 'misc/'])}`;
  return random.pick([folder + renamed, moved + name, moved + name, moved + renamed]);
}

function replaceUrl(patient: Patient, { file, line, text, url }: Place, old: string, kind: string): Fault {
  put(patient, file, line, [text.replace(url, old)]);
  return { kind, repository: patient.name, file, line, lastLine: line, what: `${old} → ${url}` };
}

/** A link to a file that lay elsewhere. */
export const movedFile: Seeder = moveTarget('moved file', ({ image, url }) => !image && !url.startsWith('#'));
/** A picture that lay elsewhere. */
export const movedImage: Seeder = moveTarget(
  'moved image',
  ({ image, url }) => image || /\.(?:png|svg|gif|jpe?g)$/.test(url),
);

/** A link to a heading that read otherwise. */
export const renamedHeading: Seeder = (patient, random) => {
  const anchored = placesOf(patient).filter(({ url }) => /^[^:]*#[\w-]+$/.test(url));
  for (const place of random.shuffle(anchored)) {
    const [path = '', anchor = ''] = place.url.split('#');
    const target = path === '' ? place.file : targetOf(place);
    const lines = (target === undefined ? undefined : patient.original.get(target))?.split('\n');
    if (target === undefined || !lines || patient.used.has(`${target}#${anchor}`)) continue;
    const slug = (heading: string): string =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .trim()
        .replaceAll(' ', '-');
    const at = lines.findIndex((line) => /^#{1,6} /.test(line) && slug(line.replace(/^#+ /, '')) === anchor);
    if (at < 0 || /[[`<&]/.test(lines[at]!) || !isFree(patient, target, at + 1, at + 1)) continue;
    const [, marks = '', title = ''] = /^(#+ )(.*)$/.exec(lines[at]!) ?? [];
    const words = title.split(' ');
    const other = random.pick(['Using', 'About', 'Notes on', 'More on', 'Working with']);
    const older = random.pick([
      `${other} ${title}`,
      words.length > 1 ? words.slice(1).join(' ') : `${title} in short`,
      words.length > 1 ? [...words].reverse().join(' ') : `The ${title}`,
      `${title} guide`,
    ]);
    if (
      lines.some((line) => /^#/.test(line) && slug(line.replace(/^#+ /, '')) === slug(older)) ||
      slug(older) === anchor
    )
      continue;
    patient.used.add(`${target}#${anchor}`);
    patient.taken.add(`${target}:${at + 1}`);
    const before = patient.base.get(target)!.split('\n');
    before[at] = marks + older;
    patient.base.set(target, before.join('\n'));
    return replaceUrl(patient, place, `${path}#${slug(older)}`, 'renamed heading');
  }
  return undefined;
};
