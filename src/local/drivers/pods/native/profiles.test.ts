import { expect, test } from '@jest/globals';
import type { SecurityContext } from '../../../../shared/kinds/schema/types.ts';
import { refuseProfiles } from './profiles.ts';

const local = { type: 'Localhost', localhostProfile: 'strict.json' } as const;
interface Case {
  own: SecurityContext;
  ofPod?: object;
}
const refusal = (own: SecurityContext, ofPod: object = {}) => {
  try {
    refuseProfiles({ name: 'c', securityContext: own }, { containers: [], securityContext: ofPod });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

test.each<Case & { why: string }>([
  { own: {}, why: 'asks for none' },
  { own: { seccompProfile: { type: 'RuntimeDefault' } }, why: 'leaves it to the runtime' },
  {
    own: { seccompProfile: { type: 'Unconfined' } },
    ofPod: { seccompProfile: local },
    why: 'overrides that of its Pod',
  },
  { own: { seccompProfile: local, privileged: true }, why: 'has no filter as it is privileged' },
])('a container that $why runs', ({ own, ofPod }) => expect(refusal(own, ofPod)).toBeUndefined());

test.each<Case & { word: string }>([
  { own: { seccompProfile: local }, word: 'seccomp' },
  { own: {}, ofPod: { seccompProfile: local }, word: 'seccomp' },
  { own: { appArmorProfile: local }, word: 'AppArmor' },
])('a container does not run without the $word profile of its node', ({ own, ofPod, word }) =>
  expect(refusal(own, ofPod)).toBe(`${word} profiles of type Localhost are not served by this runtime`),
);
