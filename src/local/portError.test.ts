import { expect, test } from '@jest/globals';
import { readablePortError } from './portError.ts';

const api = { port: 80, bind: '10.0.0.1', flag: '--port' };
const kubelet = { port: 10_250, bind: 'here', flag: '--kubelet-port', isOptional: true };

test.each([
  ['EADDRINUSE', api, 'port 80 on 10.0.0.1 is in use; choose another with --port'],
  ['EADDRINUSE', kubelet, 'port 10250 on here is in use; choose another with --kubelet-port, or 0 for none'],
  ['EADDRNOTAVAIL', api, '10.0.0.1 is no address of this machine; choose another with --bind'],
  ['ENOTFOUND', kubelet, 'here is no address of this machine; choose another with --bind'],
  [
    'EACCES',
    api,
    'port 80 on 10.0.0.1 is not for this user to open; choose another with --port, from 1024 on',
  ],
  [
    'EACCES',
    kubelet,
    'port 10250 on here is not for this user to open; choose another with --kubelet-port, from 1024 on, or 0 for none',
  ],
])('%s of %j', (code, wanted, message) =>
  expect(readablePortError(Object.assign(new Error('listen'), { code }), wanted)).toEqual(new Error(message)),
);

test('another error stays as it is', () => {
  const error = new Error('no memory');
  expect(readablePortError(error, api)).toBe(error);
});
