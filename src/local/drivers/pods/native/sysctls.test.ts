import { expect, test } from '@jest/globals';
import { sysctlsOf } from './sysctls.ts';

const asking = (name: string) => ({ containers: [], securityContext: { sysctls: [{ name, value: '1' }] } });

test('a container that does not own its network leaves it as it is, and is told so where it asks', () => {
  const namespaces = { network: true, isOwner: false };
  expect(sysctlsOf(undefined, namespaces)).toEqual([]);
  expect(sysctlsOf(asking('kernel.shm_rmid_forced'), namespaces)).toHaveLength(1);
  expect(() => sysctlsOf(asking('net/ipv4/tcp_syncookies'), namespaces)).toThrow(
    'sysctl "net.ipv4.tcp_syncookies" is not for a container that sees',
  );
  expect(sysctlsOf(asking('net.ipv4.tcp_syncookies'), { network: true, isOwner: true })).toHaveLength(2);
});
