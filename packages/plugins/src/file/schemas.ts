import { type OptionalSchema, type Schema, Type } from '@vwmp/core/schema';

/** Longest file that `file.read` takes when its config does not say. */
export const defaultMaxBytes: number = 10 * 1024 * 1024;

/** As many files as `file.glob` lists when its config does not say. */
export const defaultLimit = 10_000;

/** A path in the config of a handler. */
export function pathSchema(description: string): Schema<string> {
  return Type.String({ minLength: 1, description, examples: ['out/report.json'] });
}

export const encodingSchema: OptionalSchema<'utf8' | 'base64'> = Type.Optional(
  Type.Enum(['utf8', 'base64'], { description: 'utf8 for text, base64 for anything else.', default: 'utf8' }),
);

export const overwriteSchema: OptionalSchema<boolean> = Type.Optional(
  Type.Boolean({
    description: 'Replaces a file that is there already; off: fails with FILE_EXISTS.',
    default: true,
  }),
);

/** Properties that every output about one file has. */
export const fileProperties: {
  readonly path: Schema<string>;
  readonly size: Schema<number>;
  readonly sha256: Schema<string>;
} = {
  path: Type.String({ description: 'From the root of the workspace, with "/".' }),
  size: Type.Integer({ description: 'In bytes.' }),
  sha256: Type.String({ description: 'Checksum, hexadecimal.' }),
};
