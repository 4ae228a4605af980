import { expect, test } from '@jest/globals';
import { release } from '../../../shared/api/release.ts';
import { apiserverFlags } from '../flags/apiserver.ts';
import { parseFlags } from '../flags/flags.ts';
import { pflagWords } from '../flags/words.ts';
import { configOf } from './config.ts';

const usual = [
  '--etcd-servers=http://127.0.0.1:1',
  '--authorization-mode=RBAC',
  '--service-account-issuer=https://127.0.0.1:2/',
  '--service-account-key-file=/c/sa.crt',
  '--service-account-signing-key-file=/c/sa.key',
];
const read = (...words: string[]) => configOf(parseFlags(words, apiserverFlags, pflagWords));

test('what envtest passes', () => {
  const config = read(
    ...usual,
    '--bind-address=127.0.0.1',
    '--cert-dir=/c',
    '--secure-port=2',
    '--disable-admission-plugins=ServiceAccount',
    '--service-cluster-ip-range=10.0.0.0/24',
  );
  expect(config).toMatchObject({
    bind: '127.0.0.1',
    port: 2,
    advertised: '127.0.0.1',
    serving: { certificate: '/c/apiserver.crt', key: '/c/apiserver.key', mayMake: true },
    tokens: { issuer: 'https://127.0.0.1:2/', signingKey: '/c/sa.key' },
    serviceCidr: '10.0.0.0/24',
    authorization: ['RBAC'],
    allowsAnonymous: true,
  });
  expect(config.admits('ServiceAccount')).toBe(false);
  expect(config.admits('ResourceQuota')).toBe(true);
});

test('the first of several issuers issues', () => {
  expect(read(...usual, '--service-account-issuer=/c/apiserver.crt').tokens.issuer).toBe(
    'https://127.0.0.1:2/',
  );
});

test('without RBAC everything is allowed, and nobody is anonymous', () => {
  expect(read(...usual, '--authorization-mode=AlwaysAllow')).toMatchObject({
    authorization: ['RBAC', 'AlwaysAllow'],
    allowsAnonymous: false,
  });
  expect(read(...usual.filter((word) => !word.startsWith('--authorization')))).toMatchObject({
    authorization: ['AlwaysAllow'],
    allowsAnonymous: false,
  });
  expect(read(...usual, '--anonymous-auth=false')).toMatchObject({
    authorization: ['RBAC'],
    allowsAnonymous: false,
  });
});

test('the version that is told may have another ending', () => {
  expect(read(...usual).reportedVersion).toBe(release.gitVersion);
  expect(read(...usual, `--version=${release.gitVersion}-mine`).reportedVersion).toBe(
    `${release.gitVersion}-mine`,
  );
});

test.each([
  { words: ['--authorization-mode=Magic'], says: 'authorization-mode "Magic" is not a valid mode' },
  { words: ['--authorization-mode=Webhook'], says: 'authorization-mode "Webhook" is not served by shallop' },
  { words: ['--oidc-issuer-url=/t'], says: '--oidc-issuer-url is not served by shallop' },
  { words: ['--version=v1.34.0'], says: 'version "v1.34.0" must match major/minor/patch of default version' },
  { words: ['--version=maybe'], says: 'invalid argument "maybe" for "--version" flag' },
  { words: ['--disable-admission-plugins=X'], says: 'disable-admission-plugins plugin "X" is unknown' },
  {
    words: ['--enable-admission-plugins=AlwaysPullImages'],
    says: 'enable-admission-plugins plugin "AlwaysPullImages" is not served by shallop',
  },
  {
    words: ['--enable-admission-plugins=Priority', '--disable-admission-plugins=Priority'],
    says: '[Priority] in enable-admission-plugins and disable-admission-plugins overlapped',
  },
  {
    words: ['--bind-address=foo'],
    says: 'invalid argument "foo" for "--bind-address" flag: failed to parse IP: "foo"',
  },
  { words: ['--service-cluster-ip-range=foo'], says: 'service-cluster-ip-range[0] is not a valid cidr' },
  { words: ['--secure-port=0'], says: '--secure-port 0 must be between 1 and 65535' },
  { words: ['--service-node-port-range=1'], says: '"1" is not a valid port range' },
])('$words is refused', ({ words, says }) => {
  expect(() => read(...usual, ...words)).toThrow(says);
});

test('everything that is wrong is said at once', () => {
  expect(() => read()).toThrow(
    '[--etcd-servers must be specified, service-account-issuer is a required flag, either `--service-account-key-file` or `--service-account-signing-endpoint` must be set, --service-account-signing-key-file and --service-account-issuer are required flags]',
  );
});
