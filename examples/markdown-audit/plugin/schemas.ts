import { type Schema, Type } from '@vwmp/core/schema';
import type { Checked, FileSummary, LanguageCount, Probe, Totals } from './model.ts';

/** Config of a handler that looks at one file. */
export const fileSchema = {
  folder: Type.String({ minLength: 1, description: 'The audited folder.' }),
  file: Type.String({ minLength: 1, description: 'Path from there.' }),
};

// What steps give to each other is made by handlers of this plugin and need not be checked in depth again.
export const filesSchema: Schema<readonly FileSummary[]> = Type.Unsafe({ type: 'array' });
export const checkedSchema: Schema<readonly Checked[]> = Type.Unsafe({ type: 'array' });
export const probesSchema: Schema<readonly Probe[]> = Type.Unsafe({ type: 'array' });
export const languagesSchema: Schema<readonly LanguageCount[]> = Type.Unsafe({ type: 'array' });
export const totalsSchema: Schema<Totals> = Type.Unsafe({ type: 'object' });
