import { expect, test } from '@jest/globals';
import { deployment } from '../../kinds/apps/v1/deployment/index.ts';
import { keyedPath } from './keyedPath.ts';

const port = { containerPort: 80, other: 1 };
const container = { name: 'c', ports: [port], args: ['x'], securityContext: { fsGroup: 1 } };
const spec = { replicas: 1, template: { spec: { containers: [container] } } };
const containers = '.spec.template.spec.containers[name="c"]';

test.each([
  ['other', '.other'],
  ['spec.other', '.spec.other'],
  ['spec.template.spec.containers[0].securityContext.fsGroup', `${containers}.securityContext.fsGroup`],
  [
    'spec.template.spec.containers[0].ports[0].other',
    `${containers}.ports[containerPort=80,protocol="TCP"].other`,
  ],
  // A list that is owned whole has no names for its items.
  ['spec.template.spec.containers[0].args[0].x', `${containers}.args[0].x`],
])('%s is written %s', (path, written) => {
  expect(keyedPath({ spec }, deployment.schema.shape, path)).toBe(written);
});
