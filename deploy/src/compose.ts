import { yamlOf } from './files.ts';

/** What of the Compose Specification is used here. */
export interface Compose {
  name: string;
  services: Record<string, Service>;
  volumes?: Record<string, null>;
}

export interface Service {
  image: string;
  build?: { context: string; dockerfile: string; args: Record<string, string> };
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[]; interval: string; timeout: string };
  restart?: string;
  stop_grace_period?: string;
  deploy?: {
    replicas?: number;
    resources: { limits: { cpus: string; memory: string }; reservations?: { memory: string } };
  };
  [more: string]: unknown;
}

export const composeFiles: readonly string[] = [
  ...['docker-compose.lightweight.yml', 'docker-compose.hybrid.yml', 'docker-compose.full.yml'],
  'docker-compose.observability.yml',
];

export function readCompose(file: string): Compose {
  return yamlOf<Compose>(file);
}

/** Fills in `${NAME}`, `${NAME:-default}` and `${NAME:?message}`. @throws as Compose does, for a required one that is missing */
export function interpolate(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(
    /\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}/g,
    (whole, name?: string, kind?: string, rest = '') => {
      if (whole === '$$') return '$';
      const value = variables[name ?? ''];
      if (value !== undefined && value !== '') return value;
      if (kind === '?') throw new Error(`${name} is missing: ${String(rest)}`);
      return String(rest);
    },
  );
}

/** Bytes of `384M`, or of `384Mi` as Kubernetes writes it. */
export function bytes(size: string): number {
  const [, number = '', unit = ''] = /^(\d+)([KMG])i?$/.exec(size) ?? [];
  const power = ['K', 'M', 'G'].indexOf(unit) + 1;
  if (power === 0) throw new Error(`${size} is no size.`);
  return Number(number) * 1024 ** power;
}
