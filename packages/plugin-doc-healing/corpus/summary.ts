import type { CleanOutcome, FaultOutcome, SeedOutcome } from './measure.ts';
import type { Repository } from './repository.ts';
import { reviewed } from './reviewed.ts';

/** What is to be reached, in percent. */
export const goals = { found: 95, healed: 80, falseAlarms: 1 } as const;

export interface Figures {
  readonly faults: number;
  readonly found: number;
  readonly original: number;
  readonly equal: number;
  readonly otherwise: number;
}

export interface CleanFigures {
  readonly blocks: number;
  readonly checked: number;
  readonly links: number;
  readonly findings: number;
  /** Of them: mistakes of the texts themselves, looked at by a person. */
  readonly real: number;
  readonly falseAlarms: readonly string[];
}

export interface Summary {
  readonly repositories: number;
  readonly texts: number;
  readonly heldOut: number;
  readonly seeds: readonly {
    readonly seed: number;
    readonly total: Figures;
    readonly applied: boolean;
    readonly drifted: CleanFigures;
  }[];
  readonly kinds: readonly { readonly kind: string; readonly all: Figures; readonly heldOut: Figures }[];
  readonly clean: CleanFigures;
  /** What was not found or not healed, for people. */
  readonly left: readonly (FaultOutcome & { readonly seed: number })[];
  readonly reached: boolean;
}

export function summarise(
  corpus: readonly Repository[],
  outcomes: readonly SeedOutcome[],
  clean: CleanOutcome,
  heldOut: number,
): Summary {
  const all = outcomes.flatMap(({ faults }) => faults);
  const held = outcomes.find(({ seed }) => seed === heldOut)?.faults ?? [];
  const kinds = [...new Set(all.map(({ kind }) => kind))].sort();
  const seeds = outcomes.map(({ seed, faults, applied, drifted }) => ({
    seed,
    total: figures(faults),
    applied,
    drifted: judged(drifted),
  }));
  const cleaned = judged(clean);
  return {
    repositories: corpus.length,
    texts: corpus.reduce(
      (sum, { files }) => sum + [...files.keys()].filter((file) => file.endsWith('.md')).length,
      0,
    ),
    ...{ heldOut, seeds, clean: cleaned },
    kinds: kinds.map((kind) => ({
      kind,
      all: figures(all.filter((fault) => fault.kind === kind)),
      heldOut: figures(held.filter((fault) => fault.kind === kind)),
    })),
    left: outcomes.flatMap(({ seed, faults }) =>
      faults
        .filter(({ found, healed }) => !found || healed === 'no' || healed === 'otherwise')
        .map((fault) => ({ ...fault, seed })),
    ),
    reached:
      seeds.every(
        ({ total, applied, drifted }) =>
          isReached(total) &&
          applied &&
          share(drifted.falseAlarms.length, drifted.blocks) <= goals.falseAlarms,
      ) && share(cleaned.falseAlarms.length, cleaned.blocks) <= goals.falseAlarms,
  };
}

export function isReached(total: Figures): boolean {
  return (
    share(total.found, total.faults) >= goals.found && share(healedOf(total), total.faults) >= goals.healed
  );
}

export function healedOf({ original, equal }: Figures): number {
  return original + equal;
}

/** In percent. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

function figures(faults: readonly FaultOutcome[]): Figures {
  const count = (state: FaultOutcome['healed']): number =>
    faults.filter(({ healed }) => healed === state).length;
  return {
    faults: faults.length,
    found: faults.filter(({ found }) => found).length,
    ...{ original: count('original'), equal: count('equal'), otherwise: count('otherwise') },
  };
}

function judged({ findings, ...rest }: CleanOutcome): CleanFigures {
  const isReal = (finding: CleanOutcome['findings'][number]): boolean =>
    reviewed.some(
      ({ repository, kind, subject }) =>
        repository === finding.repository &&
        kind === finding.kind &&
        subject.test(`${finding.file}:${finding.line}`),
    );
  const alarms = findings.filter((finding) => !isReal(finding));
  return {
    ...rest,
    findings: findings.length,
    real: findings.length - alarms.length,
    falseAlarms: alarms.map(
      ({ repository, file, line, kind, message }) => `${repository} ${file}:${line} ${kind}: ${message}`,
    ),
  };
}

/** The figures as lines. */
export function toText({ repositories, texts, seeds, kinds, clean, heldOut }: Summary): string {
  const percent = (part: number, whole: number): string => `${share(part, whole).toFixed(1)} %`;
  const lines = [`${repositories} repositories, ${texts} texts`];
  for (const { seed, total, applied, drifted } of seeds) {
    const name = seed === heldOut ? `seed ${seed} (held out)` : `seed ${seed}`;
    lines.push(
      `${name}: ${total.faults} faults, found ${percent(total.found, total.faults)}, healed ${percent(healedOf(total), total.faults)}, diffs ${applied ? 'applied' : 'REFUSED'}, ` +
        `false alarms beside them ${drifted.falseAlarms.length} in ${drifted.blocks} blocks`,
    );
  }
  for (const { kind, all } of kinds)
    lines.push(
      `  ${kind.padEnd(20)} ${String(all.faults).padStart(4)}  found ${percent(all.found, all.faults).padStart(7)}  healed ${percent(healedOf(all), all.faults).padStart(7)}`,
    );
  const { blocks, findings, real, falseAlarms } = clean;
  lines.push(
    `untouched: ${blocks} blocks (${clean.checked} checked), ${clean.links} links: ${findings} findings, ${real} of them mistakes of the texts, ` +
      `${falseAlarms.length} false alarms (${share(falseAlarms.length, blocks).toFixed(2)} for 100 blocks)`,
    ...falseAlarms.map((each) => `  ${each}`),
  );
  return lines.join('\n');
}
