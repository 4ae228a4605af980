import type { User } from '../../../shared/auth/user.ts';
import { table } from '../../../shared/meta/table.ts';
import { OptionsError } from './config.ts';

/**
 * Reads what `--token-auth-file` names: a line for each token, with its user's name, uid and, if any, groups, which are quoted where
 * they are several. @throws OptionsError in the words of kube-apiserver
 */
export function usersByToken(text: string, file: string): (token: string) => User | undefined {
  const users: Record<string, User> = table({});
  for (const line of text.split(/\r?\n/)) {
    if (!line) continue;
    const [token = '', name = '', uid, groups] = columnsOf(line);
    if (uid === undefined)
      throw new OptionsError(
        `invalid authentication config: token file '${file}' must have at least 3 columns (token, user name, user uid), found ${columnsOf(line).length}`,
      );
    if (token) users[token] = { name, ...(uid && { uid }), groups: groups?.split(',').filter(Boolean) ?? [] };
  }
  return (token) => (Object.hasOwn(users, token) ? users[token] : undefined);
}

/** Columns end at commas that are not quoted; a quote in a quoted column is written twice. */
const columnsOf = (line: string): string[] =>
  [...`${line},`.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*)),/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
