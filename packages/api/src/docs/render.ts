import type { OpenApiDocument } from '../openapi/document.ts';
export function renderDocs(_document: OpenApiDocument): string {
  return '';
}
