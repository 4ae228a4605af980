import type { User } from '../../auth/user.ts';
import type { UserInfo } from '../../kinds/schema/types.ts';

export const userInfo = ({ name, uid, groups, extra }: User): UserInfo => ({
  username: name,
  ...(uid && { uid }),
  ...(groups.length && { groups }),
  ...(extra && { extra }),
});
