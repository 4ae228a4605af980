import type { User } from '../../auth/user.ts';
import type { UserInfo } from '../../kinds/schema/types.ts';

/** Writes a user as reviews and admission requests show it; what is empty is left out. */
export const userInfo = ({ name, uid, groups, extra }: User): UserInfo => ({
  username: name,
  ...(uid && { uid }),
  ...(groups.length && { groups }),
  ...(extra && { extra }),
});
