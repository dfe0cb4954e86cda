/** What to do about an error, by its code: the next step of a person who has never seen it. */
const hints: Readonly<Record<string, string>> = {
  SECRET_MISSING:
    'Set it with "vwmp secrets set NAME", or as the variable VWMP_SECRET_NAME: both are secrets.NAME.',
  EXPRESSION_ERROR: 'Test for what may be missing with has(…), or read it with .? and orValue(…).',
  CONFIG_INVALID: 'vwmp handlers PATH shows what the config of a handler may hold.',
  STEP_TIMEOUT: 'Give the step a longer timeout, or more attempts with retry.',
  WAIT_TIMEOUT: 'Nobody answered in time: give the wait a longer timeout, or handle its port "error".',
  HANDLER_LOAD_FAILED: 'The plugin of this handler is broken or not installed completely.',
  FOREACH_NOT_A_LIST: 'The foreach has to give a list: look at the output of the step that it reads.',
  FOREACH_CHANGED:
    'Start it anew, or set the variables of the environment that its list is made of as they were.',
  REPEAT_LIMIT: 'Raise the max of the repeat, or look why its condition never holds.',
  PATH_OUTSIDE: 'Steps see one folder only: choose another with --workspace DIR.',
  WORKFLOW_NOT_FOUND: 'Workflows that call each other have to stand in the same folder.',
  EXECUTION_TIMEOUT: 'Give the workflow a longer timeout.',
  OUTPUT_INVALID: 'The output of a handler has to be plain JSON of at most 16 MiB.',
};

/** @returns undefined when there is nothing to add to the message */
export function hintFor(code: string, message = ''): string | undefined {
  if (message.includes('Choose the step to begin from')) return '--from STEP begins with that step.';
  return settingHint(message) ?? (Object.hasOwn(hints, code) ? hints[code] : undefined);
}

/** How to give a secret or a variable of the environment that is missing; with its name. */
export function settingHint(message: string): string | undefined {
  const secret = /"secrets\.(\w+)" does not exist|There is no secret "(\w+)"/.exec(message);
  const name = secret?.[1] ?? secret?.[2];
  if (name) return `Set it: vwmp secrets set ${name}, or the variable VWMP_SECRET_${name}.`;
  const variable = /"env\.(\w+)" does not exist/.exec(message)?.[1];
  if (!variable) return undefined;
  return `Set it, and let expressions see it: env: ['${variable}'] in vwmp.config.mjs, or VWMP_ENV_ALLOW=${variable}.`;
}
