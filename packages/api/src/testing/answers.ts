import { Ajv2020 } from 'ajv/dist/2020.js';
import { openApiDocument } from '../openapi/document.ts';

/** Checks answers against the OpenAPI document. */
export interface AnswerChecker {
  /** The path of the document that a request is for. */
  pathOf(method: string, pathname: string): string | undefined;
  /** @returns what is wrong with an answer; undefined when the document allows it */
  fault(path: string, method: string, status: number, type: string, text: string): string | undefined;
}

type Responses = Record<string, { description: string; content?: Record<string, { schema: object }> }>;

export function createAnswerChecker(): AnswerChecker {
  const { paths, components } = openApiDocument();
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'api', components });
  // References are relative to the document.
  const inDocument = (schema: object): object =>
    JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components')) as object;
  const compiled = new Map<object, ReturnType<typeof ajv.compile>>();
  const patterns = Object.keys(paths)
    // What stands there literally goes before what may be anything.
    .sort((a, b) => a.split('{').length - b.split('{').length)
    .map(
      (path) => [path, new RegExp(`^${path.replace(/\/$/, '').replace(/\{\w+\}/g, '[^/]+')}/?$`)] as const,
    );

  return {
    pathOf: (method, pathname) =>
      patterns.find(([path, pattern]) => pattern.test(pathname) && paths[path]?.[method.toLowerCase()])?.[0],
    fault(path, method, status, type, text) {
      const { responses } = paths[path]![method.toLowerCase()] as { responses: Responses };
      const response = responses[String(status)];
      if (!response) return `The status ${status} is not in the document.`;
      if (!response.content) return text === '' ? undefined : 'The document says that there is no body.';
      const media = type.split(';', 1)[0]!;
      const content = response.content[media];
      if (!content) return `The type ${type} is not in the document.`;
      if (media !== 'application/json') return undefined;
      let validate = compiled.get(content.schema);
      if (!validate) {
        validate = ajv.compile(inDocument(content.schema));
        compiled.set(content.schema, validate);
      }
      const body: unknown = JSON.parse(text);
      if (!validate(body)) return ajv.errorsText(validate.errors);
      // Probes tell no codes.
      if (!/`[A-Z_]+`/.test(response.description)) return undefined;
      const { error } = body as { error?: { code?: unknown } };
      // Executions have an error, too, and end with any code.
      if (status < 400 || error === undefined || response.description.includes(`\`${error.code as string}\``))
        return undefined;
      return `The code ${error.code as string} is not in the document.`;
    },
  };
}
