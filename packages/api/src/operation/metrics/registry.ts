/** Names and values of labels. All of them come from short lists: never an id, a path or a text that came from outside. */
export type Labels = Readonly<Record<string, string>>;

export type MetricType = 'counter' | 'gauge' | 'histogram';

/** What a metric is, for the text and for docs/metrics.md. */
export interface MetricSpec<L extends string = string> {
  readonly type: MetricType;
  readonly help: string;
  readonly labels: readonly L[];
  /** Upper bounds of a histogram, growing. */
  readonly buckets?: readonly number[];
}

interface Series {
  /** As they are written. */
  labels: string;
  value: number;
  /** Of a histogram: how many were up to each bound, not summed up yet. */
  counts?: number[];
  count: number;
}

/** So many series a metric has at most; what comes beyond is counted under `other`. One of a histogram has many lines. */
const mostSeries = { counter: 1000, gauge: 1000, histogram: 200 } as const;
/** No longer than this is a value of a label. */
const mostLetters = 128;

/**
 * Counts and writes the text format of Prometheus (0.0.4). Written here: prom-client takes 70 ms and 22 MB of memory to load, more
 * than the whole server; counting is one look into a map.
 */
export class Registry<Name extends string> {
  readonly #specs: Readonly<Record<Name, MetricSpec>>;
  readonly #series = new Map<Name, Map<string, Series>>();

  constructor(specs: Readonly<Record<Name, MetricSpec>>) {
    this.#specs = specs;
  }

  /** Adds to a counter. */
  add(name: Name, labels: Labels, value = 1): void {
    this.#of(name, labels).value += value;
  }

  /** Sets a gauge, or a counter that is kept elsewhere. */
  set(name: Name, labels: Labels, value: number): void {
    this.#of(name, labels).value = value;
  }

  /** Adds to a histogram. */
  observe(name: Name, labels: Labels, value: number): void {
    const series = this.#of(name, labels);
    const buckets = this.#specs[name].buckets ?? [];
    series.counts ??= new Array<number>(buckets.length).fill(0);
    let index = 0;
    while (index < buckets.length && value > buckets[index]!) index++;
    if (index < buckets.length) series.counts[index]!++;
    series.value += value;
    series.count++;
  }

  /** Forgets what a gauge said: before it is set anew from a list that may have become shorter. */
  clear(name: Name): void {
    this.#series.delete(name);
  }

  /** Everything, as Prometheus reads it. */
  text(): string {
    const lines: string[] = [];
    for (const name of Object.keys(this.#specs) as Name[]) {
      const all = this.#series.get(name);
      if (!all) continue;
      const { type, help, buckets = [] } = this.#specs[name];
      lines.push(`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`);
      for (const series of all.values()) {
        if (type === 'histogram') lines.push(...histogram(name, series, buckets));
        else lines.push(`${name}${braces(series.labels)} ${series.value}`);
      }
    }
    return `${lines.join('\n')}\n`;
  }

  #of(name: Name, labels: Labels): Series {
    const { labels: names, type } = this.#specs[name];
    let key = '';
    for (const label of names) key += `${shown(labels, label)}\n`;
    const all = this.#series.get(name) ?? new Map<string, Series>();
    const found = all.get(key);
    if (found) return found;
    this.#series.set(name, all);
    const other = names.every((label) => labels[label] === 'other');
    if (all.size >= mostSeries[type] && !other)
      return this.#of(name, Object.fromEntries(names.map((label) => [label, 'other'])));
    const written = names.map((label) => `${label}="${quoted(shown(labels, label))}"`).join(',');
    const series: Series = { labels: written, value: 0, count: 0 };
    all.set(key, series);
    return series;
  }
}

function shown(labels: Labels, label: string): string {
  return labels[label]?.slice(0, mostLetters) ?? '';
}

function* histogram(name: string, series: Series, buckets: readonly number[]): Generator<string> {
  let sum = 0;
  const labels = series.labels === '' ? '' : `${series.labels},`;
  for (const [index, bound] of buckets.entries()) {
    sum += series.counts?.[index] ?? 0;
    yield `${name}_bucket{${labels}le="${bound}"} ${sum}`;
  }
  yield `${name}_bucket{${labels}le="+Inf"} ${series.count}`;
  yield `${name}_sum${braces(series.labels)} ${series.value}`;
  yield `${name}_count${braces(series.labels)} ${series.count}`;
}

function braces(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

function quoted(text: string): string {
  return escaped(text).replaceAll('"', '\\"');
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
