import type { CommandSpec, OptionSpec } from './command.ts';
import { parameterOptions } from './specs/parameters.ts';

/** Options that every command has. */
export const globalOptions: Readonly<Record<string, OptionSpec>> = {
  help: { short: 'h', description: 'Show the help of the command' },
  'no-color': { description: 'No colours; so does the variable NO_COLOR' },
};

const json: OptionSpec = { description: 'Print JSON on stdout and nothing else' };

/** The commands that need no platform, in the order in which help lists them. */
export const commandSpecs: Readonly<Record<string, CommandSpec>> = {
  init: {
    summary: 'Start a project or a plugin: files that run and say what is next',
    operands: ['[DIR]'],
    complete: 'folder',
    options: {
      plugin: {
        value: 'NAME',
        description: 'Start a plugin instead, to be tested and published: handlers NAME.…',
      },
    },
    details: `Writes into DIR, or into the current folder; a plugin into DIR, or into a new folder vwmp-plugin-NAME, where nothing else may lie.
Never overwrites: it lists what is in the way and ends with 2.`,
    examples: [
      ['vwmp init my-project', 'make a folder and fill it'],
      ['vwmp init --plugin greetings', 'make a folder vwmp-plugin-greetings with a plugin'],
    ],
  },
  run: {
    summary: 'Run a workflow',
    operands: ['FILE'],
    complete: 'workflow',
    options: {
      ...parameterOptions,
      json: { description: 'Print the final execution as JSON on stdout, all else on stderr' },
      watch: { description: 'Run again whenever the files change, and the code of plugins beside them' },
      'dry-run': { description: 'Check everything and show the plan; run nothing' },
      approve: {
        value: 'STEP',
        multiple: true,
        description: 'Approve this step when it asks, without asking me',
      },
      reject: { value: 'STEP', multiple: true, description: 'Reject it' },
      signal: {
        value: 'NAME[=JSON]',
        multiple: true,
        description: 'Send this signal at the start; it is kept until a step waits for it',
      },
      workspace: {
        value: 'DIR',
        description: 'The folder that steps may read and write',
        complete: 'folder',
      },
    },
    details: `FILE may be - for stdin. Secrets come from variables, VWMP_SECRET_TOKEN is secrets.TOKEN, and
from "vwmp secrets set".

Ends with 0 on success, 1 when it failed, was partial or cancelled, 2 when the workflow, the
parameters or the command line are wrong, 130 when it was interrupted. Ctrl-C cancels and compensates; a
second one stops at once.`,
    examples: [
      ['vwmp run deploy.yaml -p env=prod -p limit=5', 'give parameters'],
      ['vwmp run deploy.yaml -p notes=@notes.md', 'read one from a file'],
      ['vwmp run report.yaml --json | jq .output', 'go on with the output'],
    ],
  },
  validate: {
    summary: 'Check workflows and report all problems',
    operands: ['FILES…'],
    complete: 'workflow',
    options: { json },
    details: `Folders are searched for *.yaml, *.yml and *.json with steps; YAML without is listed as skipped, and YAML
that cannot be read is a problem. Ends with 0 or, with problems, 2.`,
    examples: [['vwmp validate workflows/', 'check all workflows in a folder']],
  },
  graph: {
    summary: 'Draw a workflow as text, Mermaid or SVG',
    operands: ['FILE'],
    complete: 'workflow',
    options: {
      format: {
        short: 'f',
        value: 'FORMAT',
        description: 'text (default), mermaid or svg',
        complete: ['text', 'mermaid', 'svg'],
      },
      output: {
        short: 'o',
        value: 'FILE',
        description: 'Write to a file; its ending gives the format',
        complete: 'file',
      },
    },
    examples: [['vwmp graph deploy.yaml -o deploy.svg', 'draw it as a picture']],
  },
  handlers: {
    summary: 'List the handlers that steps can use, or explain one',
    operands: ['[PATH]'],
    complete: 'handler',
    options: { json, paths: { description: 'Only the paths, one a line' } },
    details: 'PATH is that of a handler, or the name of a plugin for all that it brings.',
    examples: [
      ['vwmp handlers http.request', 'show config, ports and an example'],
      ['vwmp handlers git', 'list those of a plugin'],
    ],
  },
  types: {
    summary: 'List the types of workflows, or print a template',
    operands: ['[NAME]'],
    complete: 'type',
    options: {
      template: { short: 't', value: 'TEMPLATE', description: 'Print this template as YAML' },
      json,
      names: { description: 'Only the names, one a line' },
    },
    examples: [['vwmp types', 'show types and their templates']],
  },
  completion: {
    summary: 'Print a script that completes vwmp in your shell',
    operands: ['SHELL'],
    complete: ['bash', 'zsh', 'fish'],
    options: {},
    details: 'SHELL is bash, zsh or fish.',
    examples: [
      ['source <(vwmp completion bash)', 'in ~/.bashrc'],
      ['source <(vwmp completion zsh)', 'in ~/.zshrc, after compinit'],
      ['vwmp completion fish | source', 'in ~/.config/fish/config.fish'],
    ],
  },
  help: {
    summary: 'Explain a command',
    operands: ['[COMMAND]', '[SUBCOMMAND]'],
    complete: 'command',
    options: {},
    examples: [
      ['vwmp help run', 'explain "vwmp run"'],
      ['vwmp help db copy', 'explain "vwmp db copy"'],
    ],
  },
};
