import { expect, test } from '@jest/globals';
import { warnings as claimWarnings } from '../persistentvolumeclaim/warnings.ts';
import { warnings } from './warnings.ts';

const annotations = { 'volume.beta.kubernetes.io/storage-class': 'slow' };

test('a volume is warned of what is outdated, in the words of Kubernetes', () => {
  expect(warnings({ metadata: { name: 'v' }, spec: { hostPath: { path: '/data' } } })).toEqual([]);
  expect(
    warnings({
      metadata: { name: 'v', annotations },
      spec: {
        persistentVolumeReclaimPolicy: 'Recycle',
        glusterfs: { endpoints: 'e', path: 'p' },
        storageos: {},
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'beta.kubernetes.io/os', operator: 'Exists' }] }],
          },
        },
      },
    }),
  ).toEqual([
    'metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead',
    'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
    'spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].key: beta.kubernetes.io/os is deprecated since v1.14; use "kubernetes.io/os" instead',
    'spec.storageOS: deprecated in v1.22, non-functional in v1.25+',
    'spec.glusterfs: deprecated in v1.25, non-functional in v1.26+',
  ]);
});

test('a claim is warned of its annotation and of bytes that are no whole number', () => {
  const resources = { requests: { storage: '100m' }, limits: { storage: '1Gi' } };
  expect(claimWarnings({ metadata: { name: 'c', annotations }, spec: { resources } })).toEqual([
    'metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead',
    'spec.resources.requests[storage]: fractional byte value "100m" is invalid, must be an integer',
  ]);
});
