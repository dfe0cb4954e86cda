import type { Logger } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import type { Settings } from '@vwmp/core/settings';
import { hasCode } from '../cli/has-code.ts';
import { fs } from '../node.ts';
import { compose } from '../platform/compose.ts';
import { createWarner } from '../platform/logger.ts';
import { type PlatformSettings, readPlatformSettings } from '../platform/settings.ts';
import { loadProjectPlugins, type ProjectPlugins, projectFolder } from '../project/plugins.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { checkDatabase } from './check-database.ts';
import { checkMachine } from './check-machine.ts';
import { checkPackages, type FoundPackage, findPackages } from './check-packages.ts';
import { checkQueue } from './check-queue.ts';
import { checkSealedParameters, checkSecrets } from './check-secrets.ts';
import { checkWork, checkWorkflows } from './check-work.ts';
import { type Finding, failure } from './finding.ts';

/** Everything that the doctor has to say. */
export interface Examination {
  settings?: Settings;
  packages: FoundPackage[];
  findings: Finding[];
}

/** Looks at everything, one after the other; what is broken only ends what builds on it. */
export async function examine(terminal: Terminal): Promise<Examination> {
  const findings: Finding[] = [];
  const folder = projectFolder(process.cwd());
  const read = await readSettings(findings);
  const packages = findPackages(read?.settings, folder);
  findings.push(...checkMachine(read?.settings), ...checkPackages(packages));
  const project = await readProject(findings);
  if (!read) return { packages, findings };
  const { settings, variables } = read;
  const told: Parameters<Logger['log']>[] = [];
  const logger: Logger = { log: (...line) => void told.push(line) };
  const platform = await composeAll(
    { settings, variables, folder, logger, ...(project && { project }) },
    findings,
  );
  if (platform) await checkParts(platform, settings, project !== undefined, findings);
  // What is away is a finding, and says so on its own as well.
  const isAway = findings.some(({ area, verdict }) => verdict === 'broken' && servers.has(area));
  const warner = createWarner(terminal.err, terminal.symbols.warning);
  if (!isAway) for (const line of told) warner.log(...line);
  return { settings, packages, findings };
}

const servers: ReadonlySet<Finding['area']> = new Set(['database', 'queue']);

async function readSettings(findings: Finding[]): Promise<PlatformSettings | undefined> {
  try {
    const read = await readPlatformSettings();
    for (const title of read.warnings) findings.push({ area: 'project', verdict: 'warning', title });
    findings.push(...(await checkSecrets(read.settings)));
    return read;
  } catch (error) {
    if (!hasCode(error, 'SETTINGS_INVALID')) throw error;
    const { details, message } = error as { details?: readonly { message: string }[]; message: string };
    for (const { message: title } of details ?? [{ message }])
      findings.push({
        area: 'project',
        verdict: 'broken',
        title,
        advice: 'https://github.com/vwmp/vwmp/blob/main/docs/settings.md explains all.',
      });
    return undefined;
  }
}

async function readProject(findings: Finding[]): Promise<ProjectPlugins | undefined> {
  try {
    const project = await loadProjectPlugins(process.cwd());
    const names = project.plugins.map(({ name }) => name).join(', ');
    const title = `${project.configFile ?? 'No vwmp.config.mjs, which need not be'}; plugins: ${names || 'none'}`;
    findings.push({ area: 'project', verdict: 'ok', title });
    return project;
  } catch (error) {
    findings.push(failure('project', 'The config', error));
    return undefined;
  }
}

interface Parts {
  settings: Settings;
  variables: PlatformSettings['variables'];
  folder: string;
  logger: Logger;
  project?: ProjectPlugins;
}

async function composeAll({ settings, ...parts }: Parts, findings: Finding[]): Promise<Platform | undefined> {
  try {
    return await compose({
      ...parts,
      anyKey: true,
      settings: { ...settings, worker: { ...settings.worker, inProcess: false } },
    });
  } catch (error) {
    // That it is not installed was found already.
    if (!hasCode(error, 'PACKAGE_MISSING')) findings.push(failure('project', 'The platform', error));
    return undefined;
  }
}

async function checkParts(
  { storage, queue, bus, plugins, workflows }: Platform,
  settings: Settings,
  hasPlugins: boolean,
  findings: Finding[],
): Promise<void> {
  try {
    const database = await checkDatabase(storage, settings);
    findings.push(...database.findings, ...(await checkQueue(queue, bus, settings)));
    const folder = checkWorkflowFolder(settings);
    findings.push(...folder);
    if (!database.usable) return;
    try {
      findings.push(...(await checkWork(storage)), ...(await checkSealedParameters(storage, settings)));
      // Opening would make what is missing.
      if (folder.length > 0) return;
      if (workflows !== storage.workflows) await workflows.open();
      if (hasPlugins) findings.push(...(await checkWorkflows(workflows, plugins)));
    } catch (error) {
      findings.push(failure('work', 'What is stored', error));
    }
  } finally {
    // Its parts were opened one by one.
    await Promise.allSettled([queue.close(), bus.close(), storage.close(), workflows.close()]);
  }
}

/** A path that was mistyped would be made by the next process that starts. */
function checkWorkflowFolder({ workflowsDir }: Settings): Finding[] {
  if (workflowsDir === undefined || fs.existsSync(workflowsDir)) return [];
  return [
    {
      area: 'work',
      verdict: 'warning',
      title: `There is no folder ${workflowsDir}, which VWMP_WORKFLOWS_DIR names`,
      advice: 'Correct it. "vwmp workflows save", "vwmp start", "vwmp serve" and "vwmp worker" create it.',
    },
  ];
}
