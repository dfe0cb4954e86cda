import { type Command, exitCodes } from '../../cli/command.ts';
import { findKey } from '../../keys/find-key.ts';
import { noteChange } from '../../platform/note-change.ts';
import { withPlatform } from '../../platform/with-platform.ts';
import { safe } from '../../terminal/safe.ts';

/** `vwmp keys revoke KEY`. */
export const command: Command = async ({ operands: [given = ''], flag, terminal }) =>
  withPlatform('read', terminal, async ({ platform }) => {
    const { keys, audit } = platform.storage;
    const before = await findKey(keys, given);
    const { hash: _, ...key } = (await keys.revoke(before.id, new Date().toISOString()))!;
    if (before.revoked_at === undefined)
      await noteChange(audit, terminal, 'key.revoked', key.id, { name: key.name, role: key.role });
    const { out, symbols } = terminal;
    if (flag('json')) out.line(JSON.stringify(key, null, 2));
    else {
      const fact = before.revoked_at === undefined ? 'is refused within five seconds' : 'was revoked already';
      out.line(
        `${out.style.green(symbols.success)} API key ${out.style.bold(safe(key.name))} (${key.id}) ${fact}`,
      );
    }
    return exitCodes.success;
  });
