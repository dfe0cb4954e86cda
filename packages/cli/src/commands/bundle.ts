import { parseDocument } from '@vwmp/core/language';
import manifest from '../../package.json' with { type: 'json' };
import { makeBundle } from '../bundle/make-bundle.ts';
import { checkPlace } from '../bundle/replace-folder.ts';
import { targetPlatform } from '../bundle/target.ts';
import { type Command, exitCodes } from '../cli/command.ts';
import { UsageError } from '../cli/usage-error.ts';
import { type Examined, examine } from '../documents/examine.ts';
import { showProblems } from '../documents/show-problems.ts';
import { fs, path } from '../node.ts';
import { readPlatformSettings, showWarnings } from '../platform/settings.ts';
import { safe } from '../terminal/safe.ts';

/** `vwmp bundle WORKFLOWS…`. */
export const command: Command = async ({ operands, flag, text, texts, terminal }) => {
  const { out, err, symbols } = terminal;
  const given = text('out');
  if (given === undefined || given === '') throw new UsageError('Say where to: --out DIR.', 'bundle');
  if (operands.includes('-'))
    throw new UsageError('A bundle is made of files and folders, not of stdin.', 'bundle');
  const place = path.resolve(given);
  const platform = targetPlatform(text('platform'));
  checkPlace(place);
  const workflows = await examine(operands, terminal, 'bundle', (file) =>
    path.resolve(file).startsWith(place + path.sep),
  );
  addMissing(workflows);
  const wrong = workflows.filter(({ problems }) => problems.length > 0);
  for (const findings of wrong) showProblems(findings, err, symbols);
  if (wrong.length > 0) return exitCodes.invalid;
  const { settings, warnings } = await readPlatformSettings();
  showWarnings(warnings, terminal);
  const made = await makeBundle({
    ...{ place, platform, settings, version: manifest.version },
    workflows: workflows.map(({ file, id = '' }) => ({ file: path.resolve(file), id })),
    ...configOf(text('config')),
    designer: flag('designer'),
    add: texts('add'),
    include: texts('include'),
  });
  if (flag('json')) {
    out.line(JSON.stringify(made, null, 2));
    return exitCodes.success;
  }
  const count = made.workflows.length === 1 ? '1 workflow' : `${made.workflows.length} workflows`;
  const size = `${(made.size / 1e6).toFixed(1)} MB`;
  const where = path.relative('.', place) || place;
  out.line(
    `${out.style.green(symbols.success)} ${out.style.bold(safe(where))}: ${count}, ${size}, for ${made.platform}`,
  );
  out.line(out.style.dim(`  ${symbols.arrow} node ${safe(path.join(where, 'main.mjs'))} serve`));
  return exitCodes.success;
};

/** Workflows that others call by their ids have to be in the bundle too: where it runs there are no others. */
function addMissing(workflows: readonly Examined[]): void {
  const ids = new Set(workflows.map(({ id }) => id));
  for (const examined of workflows) {
    const source = parseDocument(examined.text ?? '');
    const { steps } = (source.value ?? {}) as { steps?: unknown };
    for (const [index, step] of (Array.isArray(steps) ? steps : []).entries()) {
      const { handler, config } = (step ?? {}) as { handler?: unknown; config?: { workflow?: unknown } };
      const called = config?.workflow;
      if (handler !== 'core.workflow' || typeof called !== 'string' || called.includes('${')) continue;
      if (ids.has(called)) continue;
      const path = ['steps', index, 'config', 'workflow'];
      const message = `The workflow "${called}" is called here and not among those of the bundle: name its file, too.`;
      const problem = { code: 'WORKFLOW_NOT_FOUND', path: path.join('.'), ...source.locate(path), message };
      examined.problems = [...examined.problems, problem];
    }
  }
}

/** @throws UsageError when it is not there */
function configOf(file: string | undefined): { config?: string } {
  if (file === undefined) return {};
  if (fs.existsSync(file)) return { config: path.resolve(file) };
  throw new UsageError(`There is no config "${safe(file)}".`, 'bundle');
}
