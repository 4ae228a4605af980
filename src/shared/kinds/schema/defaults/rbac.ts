import type { RoleRef, Subject } from '../types.ts';
import type { Rules } from './rules.ts';

const group = 'rbac.authorization.k8s.io';

/** Empty counts as absent here. */
export const rbac: Rules = {
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
