import type { Rules } from '../../schema/defaultRules.ts';
import type { RoleRef, Subject } from '../../schema/types.ts';

const group = 'rbac.authorization.k8s.io';

/** Empty counts as absent here. */
export const rbacDefaults: Rules = {
  RoleRef: {
    adjust(role: RoleRef) {
      role.apiGroup ||= group;
    },
  },
  Subject: {
    adjust(subject: Subject) {
      if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ||= group;
    },
  },
};
