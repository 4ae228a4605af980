import type { User } from '../../auth/user.ts';
import type { HeaderLines } from '../../ports/reach.ts';

const isClaim = (name: string) =>
  name === 'x-remote-user' ||
  name === 'x-remote-uid' ||
  name === 'x-remote-group' ||
  name.startsWith('x-remote-extra-');

/** The headers of a request with what a front proxy says of its user; what the client said of that is dropped. */
export const asUser = (headers: HeaderLines, { name, uid, groups, extra = {} }: User): HeaderLines => [
  ...headers.filter(([header]) => !isClaim(header)),
  ['x-remote-user', name],
  ...(uid ? ([['x-remote-uid', uid]] as const) : []),
  ...groups.map((group): readonly [string, string] => ['x-remote-group', group]),
  ...Object.entries(extra).flatMap(([key, values]) =>
    values.map((value): readonly [string, string] => [`x-remote-extra-${escaped(key)}`, value]),
  ),
];

/** Keys may have characters that names of headers may not. */
const escaped = (key: string): string =>
  [...Buffer.from(key)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9!#$&'*+.^_`|~-]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('')
    .toLowerCase();
