import type { ErrorCode, ProblemCode } from '../../packages/core/src/index.ts';

/** What to do about each error of the core. */
export const errorAdvice: Readonly<Record<ErrorCode, string>> = {
  DOCUMENT_SYNTAX: 'Correct the text at the line and column that the message names.',
  DOCUMENT_LIMIT: 'Split the workflow, or keep data in files and parameters instead of in the document.',
  DOCUMENT_INVALID:
    'Go through `details`: each problem has a [code](#problems-of-documents-and-parameters), a path, and often a suggestion.',
  PARAMETERS_INVALID: 'Go through `details`: each names a parameter and what it may be.',
  UNSAFE_KEY: 'Rename the key: `__proto__`, `constructor` and `prototype` are refused everywhere.',
  VALUE_INVALID: 'Pass plain JSON: no functions, cycles or dates, and not too much of it.',
  EXPRESSION_ERROR: 'Ask with `has(…)`, or read with `.?` and `orValue(…)`, what may be missing.',
  CONFIG_INVALID: '`vwmp handlers PATH` shows what the config may hold; look at what expressions gave.',
  HANDLER_ERROR:
    'Read the message and the log of the step; let the handler throw a `VwmpError` with a code of its own.',
  HANDLER_LOAD_FAILED: 'Install the plugin again; `cause` says what its module lacks.',
  FOREACH_NOT_A_LIST: 'Look at the output that `foreach` reads; give `[]` in its place with `orValue`.',
  FOREACH_CHANGED:
    'Its list is made of `env`, which was another when the execution was carried on. Start it anew, or give the process what it had.',
  REPEAT_LIMIT: 'Raise `max`, or find out why `until` never holds.',
  STEP_TIMEOUT: 'Raise `timeout`, or add attempts with `retry`.',
  WAIT_TIMEOUT: 'Handle the port `error` of the step, or give the wait a longer timeout.',
  STEP_CANCELLED: 'Nothing: it was asked for.',
  OUTPUT_INVALID: 'Return plain JSON of at most 16 MiB; put more into a file and return its path.',
  PORT_UNKNOWN: 'Add the port to `ports` of the handler.',
  CHILD_FAILED: 'Look at the child execution, which `details` names.',
  SECRET_MISSING: 'Set `VWMP_SECRET_NAME`, or `vwmp secrets set NAME`, where the worker runs.',
  ENCRYPTION_KEY_MISSING:
    'Set `VWMP_ENCRYPTION_KEY`, the same for all processes; `openssl rand -hex 32` makes a first one. Put back a key file that was lost.',
  ENCRYPTION_KEY_WRONG: 'Set the key again with which it was encrypted, or start the execution anew.',
  STEP_FAILED:
    'Look at the error of the step, which is the `cause`; `vwmp executions retry` goes on from there.',
  EXECUTION_TIMEOUT: 'Raise `timeout` of the workflow.',
  EXECUTION_CANCELLED: 'Nothing: it was asked for.',
  EXECUTION_NOT_FOUND: 'Check the id; retention may have removed the execution (`VWMP_RETENTION_AGE`).',
  EXECUTION_PARKED: 'Follow it through the platform: `platform.wait(id)`.',
  EXECUTION_NOT_ACTIVE: 'Nothing can be sent to it any more; retry it, or start a new one.',
  APPROVAL_INVALID: 'Fill the form in as `details` says.',
  STEP_NOT_WAITING: 'Read the execution again: the step was decided already, or does not wait yet.',
  WORKFLOW_NOT_FOUND: 'Store it (`vwmp workflows save FILE`), or put it into the folder of workflows.',
  ENGINE_CLOSED: 'Start it in another process, or after the restart.',
  CONCURRENCY_LIMIT:
    'Wait for one to end, raise the limit, or let it queue instead (`policy: queue` of `concurrency`).',
  INBOX_FULL: 'Let the execution take what was sent before; it may wait for something else.',
  RETRY_INVALID:
    'The message says why: retry one that has ended and did not succeed, from a step that it has.',
  FOLLOWER_SLOW: 'Read on from the last sequence number.',
  WEBHOOK_NOT_FOUND: 'Compare the path with the `triggers` of the stored workflow.',
  WEBHOOK_SIGNATURE: 'Compare the secret on both sides, and the clocks.',
  WEBHOOK_BODY: 'Send what `Content-Type` says.',
  SETTINGS_INVALID: 'Correct all variables that `details` lists: [settings](../settings.md).',
  PACKAGE_MISSING: 'Install it: the message has the command.',
  PLUGIN_INVALID: 'Export what `definePlugin` made, as the default or as `plugin`.',
  PLUGIN_CONFLICT: 'Take one of the two out of the config, or say `defaultPlugins: false`.',
  PLUGIN_NOT_FOUND: 'Install the package, or correct the path in the config.',
  PATH_OUTSIDE: 'Steps see their workspace only: use a path in it, or choose another workspace.',
  REV_CONFLICT: 'Read it again, apply the change to what is there now, and save with its `rev`.',
  VERSION_CONFLICT: 'Nothing: the platform reads again. In an adapter it is what a stale append has to give.',
  FENCED:
    'Nothing: another worker goes on. If it comes often, `VWMP_LEASE` is too short for how long workers stand still.',
  ALREADY_EXISTS: 'Choose another id, or change what is there.',
  NOT_FOUND: 'Check the id; it may have been removed meanwhile.',
  STORE_CORRUPT: 'Restore a backup; `vwmp db check` says what is damaged.',
  STORE_UNAVAILABLE: 'Look whether the database runs and can be reached; work goes on by itself when it can.',
  STORE_FULL:
    'Make room on the disk or raise the quota. `vwmp db prune` removes what has ended, and says how much room it takes to do so.',
  MIGRATION_FAILED:
    'The old version goes on working. `cause` says what was in the way; then `vwmp db migrate`.',
  QUEUE_FULL: 'Add workers, or raise `VWMP_QUEUE_LIMIT`; what was accepted before is not lost.',
  TASK_RETURNED: 'Nothing: another worker takes it.',
  QUEUE_UNAVAILABLE: 'Look whether Redis runs and can be reached; consumers resume by themselves.',
  BUS_UNAVAILABLE:
    'Look whether Redis or PostgreSQL can be reached; whoever follows reads from the store meanwhile.',
  CLOSED: 'Open a new one: what was closed stays closed.',
};

/** What to do about each problem of a document. */
export const problemAdvice: Readonly<Record<ProblemCode, string>> = {
  SYNTAX: 'Quote values with `{`, `}`, `:` or `#`; indent with blanks.',
  DUPLICATE_KEY: 'Remove or rename one.',
  UNSAFE_KEY: 'Rename it.',
  LIMIT: 'Split it, or keep data elsewhere.',
  UNKNOWN_KEY: 'Take the suggestion, or look it up in [the language](language.md).',
  REQUIRED: 'Add it.',
  TYPE: 'Write what the message asks for; numbers and `true` without quotes.',
  VALUE: 'Take one of the values that the message lists.',
  DURATION: 'Write `250ms`, `10s`, `5m`, `2h` or `1d`.',
  DUPLICATE_STEP_ID: 'Give one another id.',
  DUPLICATE_PARAMETER: 'Give one another name.',
  UNKNOWN_DEPENDENCY: 'Correct the id, or add the step.',
  UNKNOWN_PORT: '`vwmp handlers PATH` lists the ports; a step with `foreach` has `error` only.',
  DEPENDENCY_CYCLE: 'Remove one of the dependencies that the message lists.',
  UNKNOWN_HANDLER: 'Take the suggestion, or add the plugin to `vwmp.config.mjs`.',
  UNKNOWN_TYPE: 'The same; `vwmp types` lists them.',
  CONFIG_INVALID: '`vwmp handlers PATH` shows the schema.',
  LOOP_CONFLICT: 'Put one of the two into a sub-workflow.',
  EXPRESSION_SYNTAX: 'Correct it at the place that the message names; `$${` writes `${`.',
  EXPRESSION_TYPE: 'Convert with `string()`, `int()` or `double()`.',
  UNKNOWN_NAME: 'Read `parameters.X`, `steps.X`, `config.X`, `env.X` or `secrets.X`.',
  UNKNOWN_STEP: 'Correct the id.',
  NOT_UPSTREAM: 'Add the step to `dependencies`, directly or through others.',
  SCHEMA_INVALID: 'Correct the keyword of JSON Schema that the message names.',
  SCHEDULE_INVALID: 'Write the five fields of cron, and a time zone such as `Europe/Berlin`.',
  PARAMETER_INVALID: 'Give a value that its type and validation allow.',
  PARAMETER_MISSING: 'Give it, or declare a default.',
  PARAMETER_UNKNOWN: 'Correct the name, or declare it.',
};

/** Errors of the service and its client: what they mean, and what to do. */
export const apiErrors: Readonly<Record<string, readonly [meaning: string, advice: string]>> = {
  REQUEST_INVALID: [
    'A path, query, header or body is not what the operation takes; `details` lists all.',
    'Compare with `/openapi.json`.',
  ],
  API_KEY_MISSING: [
    'The request has no API key.',
    'Send `Authorization: Bearer KEY`; `vwmp keys create` makes one.',
  ],
  API_KEY_INVALID: [
    'The key is unknown, was revoked or has expired.',
    'Make another; `vwmp keys list` shows which there are.',
  ],
  FORBIDDEN: ['The role of the key does not allow this.', 'Use a key of the role that the message names.'],
  ORIGIN_REFUSED: ['A page of another origin asks.', 'List the origin in `VWMP_API_ORIGINS`.'],
  HOST_REFUSED: [
    'The request names a host that is not this server, or comes from another machine, or from nobody knows where, where no keys are needed.',
    'Call it by its address, or through a proxy that keeps `Host`; from elsewhere with `VWMP_API_AUTH=keys` and a key.',
  ],
  ROUTE_NOT_FOUND: ['There is no such path.', 'Compare with `/docs`.'],
  METHOD_NOT_ALLOWED: ['The path has no such method.', '`Allow` in the answer lists them.'],
  NOT_ACCEPTABLE: ['It does not come in the form that was asked for.', 'Ask for `application/json`.'],
  WORKFLOW_EXECUTING: [
    'Executions of the workflow have not ended.',
    'Wait or cancel them before removing it.',
  ],
  BODY_TOO_LARGE: ['The body is longer than `VWMP_API_MAX_BODY`.', 'Send less, or raise it.'],
  MEDIA_TYPE_UNSUPPORTED: [
    'The body has a media type that is not read here.',
    'Send JSON, or YAML where a document is expected.',
  ],
  RATE_LIMITED: ['More requests than `VWMP_API_RATE` allows.', 'Try again after `Retry-After` seconds.'],
  INTERNAL_ERROR: ['Something went wrong in the server.', 'Look into its log for the request id; report it.'],
  AUTHENTICATION_NEEDED: [
    'The server would listen where others reach it, and nobody has a key.',
    'Make a key with `vwmp keys create`, or listen at 127.0.0.1.',
  ],
  ADDRESS_IN_USE: ['Another process listens at this address.', 'End it, or choose another port: `--port`.'],
  ADDRESS_UNAVAILABLE: [
    'The address is not one of this machine, or may not be used.',
    'Correct `VWMP_API_HOST`; ports below 1024 need rights.',
  ],
  CONNECTION_FAILED: [
    'From the client: the server did not answer.',
    'Look whether it runs and the url is right.',
  ],
  CONNECTION_REFUSED: [
    'From the client: the live connection was refused, or broke for good.',
    'The message says why; most often the key.',
  ],
  ANSWER_INVALID: ['From the client: what answered is no VWMP.', 'Check the url and what stands between.'],
};

/** Errors of the command alone. */
export const cliErrors: Readonly<Record<string, readonly [meaning: string, advice: string]>> = {
  USAGE: ['The command line makes no sense, or names what is not there.', '`vwmp help COMMAND`.'],
  CONFIG_FILE_INVALID: [
    '`vwmp.config.…` cannot be loaded, or holds what it may not.',
    'The message names the key; TypeScript needs Node 22.18.',
  ],
  FILE_UNREADABLE: [
    'A file of a folder cannot be read as a workflow.',
    'Give the user the right, or move it.',
  ],
  DUPLICATE_ID: ['Two files have workflows of the same id.', 'Give one another id.'],
  COPY_MISMATCH: [
    'After `vwmp db copy` source and target differ.',
    'Stop what writes to either, empty the target, and copy again.',
  ],
  BUNDLE_INCOMPLETE: [
    'A bundle would lack something that its plugins load.',
    '`--include PATH` or `--add PACKAGE`.',
  ],
  INTERRUPTED: ['A run was ended by a second Ctrl-C.', 'Nothing.'],
  CRASHED: [
    'A run was ended by an error that nothing caught, of a timer or a promise of a handler; nothing was undone.',
    'The stack on stderr shows where it came from. Undo what the message names.',
  ],
  UNFINISHED: [
    'The command ended before it was done, as what it waited for never comes.',
    'Look for an `await` that never ends in `vwmp.config.…` or a plugin.',
  ],
};
