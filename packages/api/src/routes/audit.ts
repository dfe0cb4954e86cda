import { Type } from '@vwmp/core/schema';
import type { Routes } from '../app/route.ts';
import { pageQuery } from '../schemas/common.ts';
import { auditList } from '../schemas/operation.ts';
import { given, pageOf } from './common.ts';

/** Who changed and decided what. */
export const auditRoutes: Pick<Routes, 'listAudit'> = {
  listAudit: {
    tag: 'Audit',
    summary: 'Read who changed and decided what',
    role: 'admin',
    query: {
      subject: Type.Optional(Type.String({ maxLength: 200, description: 'Id of what was changed.' })),
      ...pageQuery,
    },
    answers: { 200: { description: 'Last first.', schema: auditList } },
    async handle({ platform }, input) {
      const page = await platform.storage.audit.list(given(input));
      return { status: 200, body: pageOf(page, (each) => each) };
    },
  },
};
