/** The code that the operating system or Node gave to an error: `ENOENT`, `ECONNRESET`, `ERR_…`. */
export function systemCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
}
