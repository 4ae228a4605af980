import { expect, test } from '@jest/globals';
import { type EfsHandle, formatHandle, parseHandle } from './handle.ts';

test.each<[string, EfsHandle | undefined]>([
  ['fs-1a', { fileSystemId: 'fs-1a' }],
  ['fs-1a:/data', { fileSystemId: 'fs-1a', path: '/data' }],
  ['fs-1a:data', { fileSystemId: 'fs-1a', path: '/data' }],
  [formatHandle('fs-1a', 'fsap-2b'), { fileSystemId: 'fs-1a', accessPointId: 'fsap-2b' }],
  ['fs-1a:/d:fsap-2b', { fileSystemId: 'fs-1a', path: '/d', accessPointId: 'fsap-2b' }],
  ['vol-1a', undefined],
  ['fs-1a::ap-2b', undefined],
])('%s', (text, handle) => expect(parseHandle(text)).toEqual(handle));
