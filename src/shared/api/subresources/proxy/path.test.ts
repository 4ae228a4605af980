import { expect, test } from '@jest/globals';
import { rewriteLink } from './links.ts';
import { proxiedPath } from './path.ts';

const base = '/api/v1/namespaces/n/services/https:s:443/proxy';

test.each([
  ['', '', ''],
  ['?a=/b', '', '?a=/b'],
  ['/', '/', ''],
  ['/some/path/', '/some/path/', ''],
  ['/a//b/../c/./d?x=1&y=%2F', '/a/c/d', '?x=1&y=%2F'],
  ['/../../../../version', '/version', ''],
  ['/a%20b/%C3%A9/%2e%2e/c', '/a%20b/c', ''],
  ["/keep:@&=+$,;!'()*", '/keep:@&=+$,;%21%27%28%29%2A', ''],
])('behind the proxy %j is %j', (rest, path, query) => {
  expect(proxiedPath(base + rest, true)).toMatchObject({ path, query });
});

test.each([
  ['/api/v1/nodes/n/proxy/pods', false, '/api/v1/nodes/n/proxy'],
  ['/clusters/c/api/v1/nodes/n/proxy/pods', false, '/clusters/c/api/v1/nodes/n/proxy'],
  [
    '/clusters/c/api/v1/namespaces/n/pods/proxy/proxy/proxy',
    true,
    '/clusters/c/api/v1/namespaces/n/pods/proxy/proxy',
  ],
  [`${base}/`, true, base],
  ['//api/v1/nodes//n/proxy/pods', false, '//api/v1/nodes//n/proxy'],
])('links of %s begin with its proxy', (target, namespaced, prefix) => {
  expect(proxiedPath(target, namespaced).prefix).toBe(prefix);
});

const page = { prefix: '/p/proxy', source: '10.0.0.1:80', host: 'api:6443' };

test.each([
  ['/x?y#z', '/p/proxy/x?y#z'],
  ['/x/', '/p/proxy/x/'],
  ['/p/proxy/x', '/p/proxy/x'],
  ['x', 'x'],
  ['#top', '#top'],
  ['', ''],
  ['http://10.0.0.1:80/x', '/p/proxy/x'],
  ['//10.0.0.1:80/x', '/p/proxy/x'],
  ['https://api:6443/x', 'https://api:6443/p/proxy/x'],
  ['http://example.com/x', 'http://example.com/x'],
  ['//example.com/x', '//example.com/x'],
  ['mailto:a@b', 'mailto:a@b'],
])('the link %j reads %j through the proxy', (link, rewritten) => {
  expect(rewriteLink(link, page)).toBe(rewritten);
});
