/** The SHA-256 of something, in hexadecimal. */
export function digest(content: string | Uint8Array): string {
  return process.getBuiltinModule('node:crypto').hash('sha256', content);
}
