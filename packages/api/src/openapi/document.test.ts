import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { operations } from '../contract/index.ts';
import { openApiDocument } from './document.ts';

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(JSON.parse(JSON.stringify(openApiDocument())));
  expect({ valid, errors }).toMatchObject({ valid: true });
  expect(validator.version).toBe('3.1');
});

test('every operation is in it once, and every reference leads somewhere', () => {
  const { paths, components } = openApiDocument();
  const ids = Object.values(paths).flatMap((item) => Object.values(item).map((each) => each.operationId));
  for (const name of Object.keys(operations)) expect(ids.filter((id) => id === name)).toHaveLength(1);
  const references = [...JSON.stringify({ paths, components }).matchAll(/"\$ref":"([^"]*)"/g)];
  const known = Object.keys(components.schemas as object).map((name) => `#/components/schemas/${name}`);
  expect(references.length).toBeGreaterThan(known.length);
  for (const [, reference] of references) expect(known).toContain(reference);
});

test('it is one for all who ask', () => {
  expect(openApiDocument()).toBe(openApiDocument());
});
