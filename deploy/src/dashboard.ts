/** A dashboard as it is described here; {@link grafanaDashboard} makes what Grafana imports. */
export interface Dashboard {
  uid: string;
  title: string;
  description: string;
  panels: readonly Panel[];
}

export interface Panel {
  title: string;
  /** What an operator is to see in it. */
  description: string;
  /** @defaultValue timeseries */
  type?: 'timeseries' | 'stat' | 'table' | 'bargauge';
  /** As Grafana calls it. @defaultValue short */
  unit?: string;
  /** Of 24. @defaultValue 12; 6 for a stat */
  width?: number;
  queries: readonly Query[];
  /** From which values on it is yellow and red. */
  thresholds?: readonly [yellow: number, red: number];
  /** Lowest value is bad instead of highest. */
  lowIsBad?: boolean;
}

/** PromQL, and how what it gives is called: `{{label}}` stands for a label. */
export type Query = readonly [expression: string, legend: string];

const source = { type: 'prometheus', uid: '${source}' };
const heights = { timeseries: 8, table: 8, bargauge: 8, stat: 4 };

/** What Grafana 10 and newer imports. */
export function grafanaDashboard({ uid, title, description, panels }: Dashboard): object {
  let [x, y, height] = [0, 0, 0];
  const placed = panels.map((panel, index) => {
    const type = panel.type ?? 'timeseries';
    const width = panel.width ?? (type === 'stat' ? 6 : 12);
    if (x + width > 24) [x, y, height] = [0, y + height, 0];
    const gridPos = { h: heights[type], w: width, x, y };
    x += width;
    height = Math.max(height, gridPos.h);
    return { id: index + 1, gridPos, ...grafanaPanel(panel, type) };
  });
  return {
    ...{ uid, title: `VWMP: ${title}`, description, tags: ['vwmp'], schemaVersion: 39, version: 1 },
    ...{ editable: true, graphTooltip: 1, refresh: '30s', timezone: 'browser' },
    time: { from: 'now-1h', to: 'now' },
    links: [
      {
        type: 'dashboards',
        tags: ['vwmp'],
        title: 'VWMP',
        asDropdown: false,
        keepTime: true,
        includeVars: true,
      },
    ],
    templating: {
      list: [
        { name: 'source', label: 'Source', type: 'datasource', query: 'prometheus' },
        variable('job', 'Job', 'label_values(startup_ms, job)'),
        variable('instance', 'Process', 'label_values(startup_ms{job=~"$job"}, instance)'),
      ],
    },
    annotations: { list: [] },
    panels: placed,
  };
}

function grafanaPanel({ title, description, unit = 'short', queries, ...rest }: Panel, type: string): object {
  const { thresholds, lowIsBad = false } = rest;
  const [mild, bad] = thresholds ?? [];
  const steps = lowIsBad
    ? [step('red', null), step('yellow', bad), step('green', mild)]
    : [step('green', null), step('yellow', mild), step('red', bad)];
  return {
    ...{ type, title, description, datasource: source },
    fieldConfig: {
      defaults: {
        ...{ unit, min: 0 },
        ...(type === 'timeseries' && { custom: { fillOpacity: 10, lineWidth: 1, showPoints: 'never' } }),
        ...(thresholds && { thresholds: { mode: 'absolute', steps } }),
        ...(type === 'stat' && !thresholds && { color: { mode: 'fixed', fixedColor: 'text' } }),
      },
      overrides: [],
    },
    options: optionsOf(type),
    targets: queries.map(([expr, legendFormat], index) => ({
      ...{ refId: String.fromCharCode(65 + index), expr, legendFormat, datasource: source },
      ...(type === 'table' && { format: 'table', instant: true }),
    })),
  };
}

function optionsOf(type: string): object {
  const reduceOptions = { calcs: ['lastNotNull'], fields: '', values: false };
  if (type === 'stat') return { reduceOptions, colorMode: 'value', graphMode: 'area' };
  if (type === 'bargauge') return { reduceOptions, orientation: 'horizontal', displayMode: 'basic' };
  if (type === 'table') return { showHeader: true };
  return { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } };
}

function step(color: string, value: number | null | undefined): object {
  return { color, value: value ?? null };
}

function variable(name: string, label: string, query: string): object {
  return {
    ...{ name, label, query, definition: query, type: 'query', datasource: source, refresh: 2, sort: 1 },
    ...{ multi: true, includeAll: true, allValue: '.+', current: { text: 'All', value: '$__all' } },
  };
}
