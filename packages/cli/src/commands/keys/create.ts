import { parseDuration } from '@vwmp/core';
import { type Command, exitCodes } from '../../cli/command.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { noteChange } from '../../platform/note-change.ts';
import { withPlatform } from '../../platform/with-platform.ts';
import { safe } from '../../terminal/safe.ts';

const name = 'keys create';

/** `vwmp keys create NAME --role ROLE`. */
export const command: Command = async ({ operands: [given = ''], flag, text, terminal }) => {
  const { createApiKey, isRole, keyNamePattern, roles } = await import('@vwmp/api/security');
  const role = text('role');
  if (role === undefined || !isRole(role)) {
    const problem = role === undefined ? 'is missing' : `is "${safe(role)}"`;
    throw new UsageError(`--role ${problem}: use ${roles.slice(0, -1).join(', ')} or ${roles.at(-1)}.`, name);
  }
  if (!new RegExp(keyNamePattern, 'u').test(given))
    throw new UsageError(
      'The name of a key has 1 to 64 characters that can be seen, the first no space.',
      name,
    );
  const now = Date.now();
  const expires_at = expiry(text('expires'), now);
  return withPlatform('prepare', terminal, async ({ platform }) => {
    const { keys, audit } = platform.storage;
    const created_at = new Date(now).toISOString();
    const { text: key, record } = createApiKey({
      ...{ name: given, role, created_at },
      ...(expires_at !== undefined && { expires_at }),
    });
    await keys.add(record);
    await noteChange(audit, terminal, 'key.created', record.id, { name: given, role });
    const { out, err, symbols } = terminal;
    if (flag('json')) {
      const { hash: _, ...shown } = record;
      out.line(JSON.stringify({ ...shown, key }, null, 2));
    } else {
      const until = expires_at === undefined ? '' : `, good until ${expires_at}`;
      err.line(
        `${err.style.green(symbols.success)} API key ${err.style.bold(safe(given))} with the role ${role}${until}. It is not shown again:`,
      );
      out.line(key);
    }
    return exitCodes.success;
  });
};

/** @throws UsageError */
function expiry(given: string | undefined, now: number): string | undefined {
  if (given === undefined) return undefined;
  const duration = parseDuration(given);
  // Dates reach so far.
  if (duration !== undefined && duration > 0 && now + duration <= 8.64e15)
    return new Date(now + duration).toISOString();
  throw new UsageError(`--expires is "${safe(given)}": use a duration such as 12h or 90d.`, name);
}
