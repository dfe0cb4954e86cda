import { cpus } from 'node:os';
import { checkInHalves } from './in-halves.ts';
import { runTool, type ToolFailure, type ToolResult } from './run-tool.ts';
import { isForeign, typedIn } from './session.ts';
import { type Checker, notChecked, ok, type Verdict } from './verdict.ts';

/** Reads programs without running any of them: one process for all. */
const pythonScript = `
import ast, json, sys, warnings
warnings.simplefilter('ignore')
out = []
def read(text):
    try:
        ast.parse(text)
    except SyntaxError:
        # A head without its body is a signature, or has a comment for it.
        lines = [line for line in text.rstrip().split('\\n') if not line.lstrip().startswith('#')]
        last = lines[-1] if lines else ''
        indent = last[:len(last) - len(last.lstrip())]
        if last.endswith(':'):
            more = indent + '    pass'
        elif last.lstrip().startswith('@'):
            more = indent + 'def f(): pass'
        else:
            raise
        try:
            ast.parse(text.rstrip() + '\\n' + more)
            return
        except SyntaxError:
            pass
        raise
for text in json.load(sys.stdin):
    try:
        read(text)
        out.append(None)
    except SyntaxError as error:
        out.append([error.msg, error.lineno or 1, error.offset or 1])
    except (ValueError, RecursionError, MemoryError):
        out.append('nested too deep')
json.dump(out, sys.stdout)
`;

type PythonAnswer = null | string | [message: string, line: number, column: number];

/** Python, by the parser of Python itself. */
export const checkPython: Checker = (texts, signal) =>
  checkInHalves(texts, async (some) => {
    const margins = some.map(marginOf);
    const input = JSON.stringify(some.map((text, at) => shown(text, margins[at]!)));
    const result = await runTool('python3', ['-I', '-S', '-c', pythonScript], { input, signal });
    if ('missing' in result) return result;
    const answers = result.code === 0 ? answersIn(result.stdout) : undefined;
    if (!answers) return { missing: 'python3 failed' };
    return some.map((text, at): Verdict => {
      const answer = answers[at];
      if (answer === null || answer === undefined) return ok;
      if (typeof answer === 'string') return notChecked(answer);
      if (/^[ \t]*(?:%{1,2}[a-z]|!\w|In \[\d+\]: )/m.test(text))
        return notChecked('IPython, not Python alone');
      const [message, line, column] = answer;
      return { status: 'failed', message: `Python: ${message}`, line, column: column + margins[at]! };
    });
  });

/** @returns undefined for what the script does not say: under the name of Python there may be something else */
function answersIn(stdout: string): PythonAnswer[] | undefined {
  try {
    const answers = JSON.parse(stdout) as unknown;
    return Array.isArray(answers) ? answers : undefined;
  } catch {
    return undefined;
  }
}

/** How far all lines of a text are indented, as those of a body that is shown without its head. */
function marginOf(text: string): number {
  const [first = '', ...others] = text.split('\n').filter((line) => line.trim() !== '');
  const margin = /^[ \t]*/.exec(first)![0];
  return others.every((line) => line.startsWith(margin)) ? margin.length : 0;
}

function shown(text: string, margin: number): string {
  const lines = text.split('\n').map((line) => (line.trim() === '' ? '' : line.slice(margin)));
  // What is left out of a list.
  return withoutPrompts(lines.join('\n')).replace(/,(\s*)\.{3}(?=\s*\})/g, ' $1   ');
}

/** A session of the interpreter: only what was typed. */
function withoutPrompts(text: string): string {
  if (!/^[ \t]*>>> /m.test(text)) return text;
  const lines = text.split('\n').map((line) => /^\s*(?:>>>|\.\.\.) ?(.*)$/.exec(line)?.[1] ?? '');
  return lines.join('\n');
}

/** Shell scripts and commands, by `bash -n`, which reads and runs nothing. */
export const checkShell: Checker = (texts, signal) =>
  inParallel(texts, async (text) => {
    const script = commandsOf(text);
    if (script.trim() === '') return ok;
    const result = await runTool('bash', ['--norc', '--noprofile', '-n'], { input: `${script}\n`, signal });
    if ('missing' in result) return notChecked(result.missing);
    if (result.code === 0) return ok;
    const [, line = '1', message = 'syntax error'] = /line (\d+): (.*)/.exec(result.stderr) ?? [];
    if (typedIn(text) === undefined ? isForeign(text) : /unexpected end of file/.test(message))
      return notChecked('a session that cannot be told from what was answered');
    const last = text.split('\n').length;
    return { status: 'failed', message: `Shell: ${message}`, line: Math.min(Number(line), last), column: 1 };
  });

/** What a console shows: without prompts, commands cannot be told from what was answered. */
export const checkConsole: Checker = async (texts, signal) => {
  const verdicts = await checkShell(texts, signal);
  return texts.map((text, at) =>
    verdicts[at]!.status === 'failed' && typedIn(text) === undefined
      ? notChecked('a console without prompts')
      : verdicts[at]!,
  );
};

/**
 * What of a block for a shell is commands: after prompts, if there are any. Placeholders such as `<name>` become words of the same
 * length, so that places stay.
 */
export function commandsOf(text: string): string {
  return (typedIn(text) ?? text)
    .replace(/<([A-Za-z][\w .:|/@-]*)>/g, (whole) => whole.replace(/[^A-Za-z0-9]/g, '_'))
    .replace(/\[([\w<>.=| -]+)\](?=\s|$)/gm, (whole) => whole.replace(/[^A-Za-z0-9 ]/g, '_'));
}

/** Rust, by `rustfmt`: items, or what stands in a function. */
export const checkRust: Checker = (texts, signal) =>
  inParallel(texts, async (text) => {
    const shown = text
      .replace(/^([ \t]*)# /gm, '$1')
      .replace(/^#$/gm, '')
      .replace(/^([ \t]*)\.\.\.$/gm, '$1');
    const args = ['--edition', '2021', '--emit', 'stdout', '--quiet'];
    const run = (input: string): Promise<ToolResult | ToolFailure> =>
      runTool('rustfmt', args, { input, signal });
    const whole = await run(shown);
    if ('missing' in whole) return notChecked(whole.missing);
    if (/is not installed|not applicable/.test(whole.stderr)) return notChecked('rustfmt is not installed');
    if (whole.code === 0 || !/^error/m.test(whole.stderr)) return ok;
    const framed = await run(`fn main() {\n${shown}\n}`);
    const inFrame = 'missing' in framed ? undefined : framed;
    if (inFrame?.code === 0) return ok;
    const shift = inFrame && !/fn|mod|use|impl|struct/.test(shown.split(' ')[0]!) ? 1 : 0;
    const { stderr } = shift === 1 ? inFrame! : whole;
    const [, message = 'syntax error'] = /^error(?:\[\w+\])?: (.*)/m.exec(stderr) ?? [];
    const [, line = '1', column = '1'] = /--> \S*?:(\d+):(\d+)/.exec(stderr) ?? [];
    return {
      status: 'failed',
      message: `Rust: ${message}`,
      line: Math.max(1, Number(line) - shift),
      column: Number(column),
    };
  });

/** Go, by `gofmt`: a file, declarations, or statements, which it takes all three. */
export const checkGo: Checker = (texts, signal) =>
  inParallel(texts, async (text) => {
    const result = await runTool('gofmt', ['-e'], { input: text, signal });
    if ('missing' in result) return notChecked(result.missing);
    if (result.code === 0) return ok;
    const [, line = '1', column = '1', message = 'syntax error'] =
      /<standard input>:(\d+):(\d+): (.*)/.exec(result.stderr) ?? [];
    return { status: 'failed', message: `Go: ${message}`, line: Number(line), column: Number(column) };
  });

async function inParallel(
  texts: readonly string[],
  check: (text: string) => Promise<Verdict>,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < texts.length; at = next++) verdicts[at] = await check(texts[at]!);
  };
  await Promise.all(Array.from({ length: Math.min(4, cpus().length, texts.length) }, work));
  return verdicts;
}
