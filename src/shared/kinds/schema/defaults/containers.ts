import type { Container } from '../types.ts';
import type { Rules } from './rules.ts';

const container = {
  fields: {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: ({ image }: Container) => (isLatest(image ?? '') ? 'Always' : 'IfNotPresent'),
  },
};

/** No tag means latest, unless a digest says which. */
function isLatest(image: string): boolean {
  const name = image.split('@')[0]!;
  const tag = /:([\w.-]+)$/.exec(name.slice(name.lastIndexOf('/') + 1))?.[1];
  return tag === undefined ? image !== '' && name === image : tag === 'latest';
}

export const containers: Rules = {
  Container: container,
  EphemeralContainer: container,
  Probe: { fields: { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 } },
  HTTPGetAction: { fields: { path: '/', scheme: 'HTTP' } },
  ObjectFieldSelector: { fields: { apiVersion: 'v1' } },
};
