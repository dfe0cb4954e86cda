import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Model } from '@kubernetes-models/base';
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { PodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { Deployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Namespace, Secret, Service } from 'kubernetes-models/v1';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { bytes } from '../src/compose.ts';
import { deployFolder, textOf, yamlOf, yamlsOf } from '../src/files.ts';
import { mostMemory } from '../src/measured.ts';
import { knownSettings } from '../src/settings.ts';
import { imageWorkspace } from '../src/workspace.ts';

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string> };
}
interface Container {
  name: string;
  image: string;
  args: string[];
  env?: { name: string; value: string }[];
  ports: { name: string; containerPort: number }[];
  resources: { limits: { memory: string }; requests: { memory: string } };
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
  [probe: string]: unknown;
}
interface Workload extends Manifest {
  spec: {
    selector: { matchLabels: Record<string, string> };
    template: {
      metadata: { labels: Record<string, string> };
      spec: {
        containers: [Container];
        volumes: { name: string; [kind: string]: unknown }[];
        securityContext: { runAsGroup: number; fsGroup?: number };
        terminationGracePeriodSeconds: number;
      };
    };
  };
}

const kinds = [
  ...[Deployment, Service, PodDisruptionBudget, ConfigMap, Namespace, Secret, HorizontalPodAutoscaler],
  ...[ScaledObject, PodMonitor],
] as unknown as readonly ({ apiVersion: string; kind: string } & (new (data: object) => Model<object>))[];

const files = readdirSync(join(deployFolder, 'kubernetes')).filter((name) => name !== 'kustomization.yaml');
const manifests = files.flatMap((file) =>
  yamlsOf<Manifest>(`kubernetes/${file}`).map((each) => [file, each] as const),
);
const of = <T extends Manifest>(kind: string): T[] =>
  manifests.filter(([, each]) => each.kind === kind).map(([, each]) => each as T);

test.each(manifests)('%s is as the schema of Kubernetes wants it', (_file, manifest) => {
  const kind = kinds.find((each) => each.kind === manifest.kind && each.apiVersion === manifest.apiVersion);
  expect({ kind: manifest.kind, known: kind !== undefined }).toMatchObject({ known: true });
  new kind!(manifest).validate();
});

test('the schemas can refuse', () => {
  const [deployment] = of<Workload>('Deployment');
  const broken = structuredClone(deployment!) as unknown as { spec: { template: { spec: object } } };
  broken.spec.template.spec = { containers: [{ image: 'vwmp' }] };
  expect(() => new Deployment(broken as never).validate()).toThrow(/name/);
});

test('all of them are named in kustomization.yaml, those to choose from as comments', () => {
  const text = textOf('kubernetes/kustomization.yaml');
  for (const file of files) expect(text).toContain(file);
  const { resources } = yamlOf<{ resources: string[] }>('kubernetes/kustomization.yaml');
  for (const resource of resources) expect(files).toContain(resource);
  // Two autoscalers would fight.
  expect(resources.filter((name) => /hpa|keda/.test(name))).toHaveLength(1);
});

test.each(of<Workload>('Deployment').map((each) => [each.metadata.name, each] as const))(
  '%s is probed at ports that it has, and selected by labels that it has',
  (name, { spec }) => {
    const [container] = spec.template.spec.containers;
    const ports = new Map(container.ports.map((port) => [port.name, port.containerPort]));
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      const { httpGet } = container[probe] as { httpGet: { path: string; port: string } };
      expect(ports.has(httpGet.port)).toBe(true);
      expect(httpGet.path).toBe(probe === 'readinessProbe' ? '/readyz' : '/healthz');
    }
    const { VWMP_API_PORT } = yamlOf<{ data: Record<string, string> }>('kubernetes/settings.yaml').data;
    const probePort = container.env?.find((each) => each.name === 'VWMP_PROBE_PORT')?.value;
    expect(String([...ports.values()][0])).toBe(probePort ?? VWMP_API_PORT);
    expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels);
    expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(40);
    expect(container.args).toEqual([name === 'vwmp-api' ? 'serve' : 'worker']);
    expect(bytes(container.resources.limits.memory)).toBeGreaterThan(mostMemory());
    const budgets = of<Workload>('PodDisruptionBudget').map((each) => each.spec.selector.matchLabels);
    expect(budgets).toContainEqual(spec.selector.matchLabels);
  },
);

test('the API goes on until nobody is sent to it, and still has its time to end', () => {
  const api = of<Workload>('Deployment').find(({ metadata }) => metadata.name === 'vwmp-api')!;
  const { containers, terminationGracePeriodSeconds } = api.spec.template.spec;
  const { preStop } = containers[0].lifecycle as { preStop: { exec: { command: string[] } } };
  const [program, seconds] = preStop.exec.command;
  expect(program).toBe('sleep');
  expect(terminationGracePeriodSeconds - Number(seconds)).toBeGreaterThan(40);
});

test('workers can write where their steps do', async () => {
  const worker = of<Workload>('Deployment').find(({ metadata }) => metadata.name === 'vwmp-worker');
  const { containers, volumes, securityContext } = worker!.spec.template.spec;
  const workspace = await imageWorkspace();
  const mount = containers[0].volumeMounts.find(({ mountPath }) => mountPath === workspace);
  expect(mount).toBeDefined();
  expect(mount).not.toHaveProperty('readOnly', true);
  expect(volumes.find(({ name }) => name === mount!.name)).toHaveProperty('emptyDir');
  expect(securityContext.fsGroup).toBe(securityContext.runAsGroup);
});

test('service, autoscalers and monitor are for what there is', () => {
  const deployments = of<Workload>('Deployment');
  const names = deployments.map(({ metadata }) => metadata.name);
  const labels = deployments.map(({ spec }) => spec.template.metadata.labels);
  const ports = deployments.flatMap(({ spec }) =>
    spec.template.spec.containers[0].ports.map((port) => port.name),
  );
  const [service] = of<Manifest & { spec: { selector: object; ports: { targetPort: string }[] } }>('Service');
  expect(labels).toContainEqual(service!.spec.selector);
  for (const { targetPort } of service!.spec.ports) expect(ports).toContain(targetPort);
  const scaled = [
    ...of<Manifest & { spec: { scaleTargetRef: { name: string } } }>('HorizontalPodAutoscaler'),
    ...of<Manifest & { spec: { scaleTargetRef: { name: string } } }>('ScaledObject'),
  ];
  expect(scaled).toHaveLength(2);
  for (const { spec } of scaled) expect(names).toContain(spec.scaleTargetRef.name);
  const [monitor] = of<Manifest & { spec: { podMetricsEndpoints: { port: string }[] } }>('PodMonitor');
  for (const { port } of monitor!.spec.podMetricsEndpoints) expect(ports).toContain(port);
});

test('workers are scaled by what Prometheus has', () => {
  const [scaled] = of<Manifest & { spec: { triggers: { metadata: { query: string } }[] } }>('ScaledObject');
  const rules = textOf('observability/rules/recording.yml');
  const [tasks, due] = scaled!.spec.triggers.map(({ metadata }) => metadata.query);
  expect(rules).toContain(`record: ${tasks}\n`);
  expect(due).toBe('max(timers_due{job="vwmp"})');
});

const kubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
test.skipIf(!kubectl)(
  'kubectl puts them together, each in the namespace and with the image that is named',
  () => {
    const folder = join(deployFolder, 'kubernetes');
    const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const made = parseAllDocuments(stdout).map(
      (each) => each.toJS() as Manifest & { metadata: { namespace?: string } },
    );
    expect(made.filter(({ kind }) => kind === 'Deployment')).toHaveLength(2);
    for (const { kind, metadata } of made) if (kind !== 'Namespace') expect(metadata.namespace).toBe('vwmp');
    expect(stdout.match(/image: .*/g)).toEqual(['image: vwmp:full', 'image: vwmp:full']);
  },
);

test('settings are such as there are', () => {
  const known = knownSettings();
  const { data } = yamlOf<{ data: Record<string, unknown> }>('kubernetes/settings.yaml');
  const { stringData } = yamlOf<{ stringData: Record<string, unknown> }>('kubernetes/secret.example.yaml');
  for (const [name, value] of Object.entries({ ...data, ...stringData })) {
    expect(known).toContain(name);
    expect(value).toBeTypeOf('string');
  }
});
