import { describe, expect, test } from '@jest/globals';
import { clusterHeader, readToken, tokenPrefix } from './presigned.ts';
import { isStsHost, stsHost } from './stsHosts.ts';
import { encode, signedAt, tokenWith } from './testing.ts';

const read = (token: string, now = signedAt, region = 'us-east-1') => readToken(token, { region, now });
const urlOf = (token: string) => Buffer.from(token.slice(tokenPrefix.length), 'base64url').toString();
const altered = (change: (url: string) => string) => encode(change(urlOf(tokenWith())));

test('a good token is the request that was signed, with its end', () => {
  expect(read(tokenWith())).toEqual({
    url: new URL(urlOf(tokenWith())),
    expiresAt: signedAt + 900_000,
    accessKeyId: 'AKIDEXAMPLE',
  });
});

test('names of parameters and of signed headers may have any case', () => {
  expect(read(tokenWith({ Action: undefined, action: 'GetCallerIdentity' }))).toHaveProperty('url');
  expect(read(tokenWith({ 'X-Amz-SignedHeaders': 'host;X-K8s-Aws-Id' }))).toHaveProperty('url');
});

describe('refused:', () => {
  test.each([
    { why: 'nothing', token: '', says: 'does not begin' },
    { why: 'another prefix', token: tokenWith().replace('v1', 'v2'), says: 'does not begin' },
    {
      why: 'more than 4,096 bytes',
      token: tokenWith({ 'X-Amz-Security-Token': 'x'.repeat(4_000) }),
      says: 'too long',
    },
    { why: 'padding', token: `${tokenWith()}=`, says: 'not base64url' },
    { why: 'plain base64', token: `${tokenPrefix}a+b/`, says: 'not base64url' },
    { why: 'no URL', token: encode('hello'), says: 'no https URL' },
    { why: 'http', token: altered((url) => url.replace('https', 'http')), says: 'no https URL' },
    { why: 'a path', token: altered((url) => url.replace('/?', '/x?')), says: 'no https URL' },
    { why: 'no path', token: altered((url) => url.replace('/?', '?')), says: 'no https URL' },
    {
      why: 'a user name',
      token: altered((url) => url.replace('://', '://sts.amazonaws.com@evil.example/')),
      says: 'no https',
    },
    { why: 'a port', token: altered((url) => url.replace('.com/', '.com:8443/')), says: 'no https URL' },
    { why: 'a fragment', token: altered((url) => `${url}#x`), says: 'no https URL' },
    { why: 'a back-slash', token: altered((url) => url.replace('/?', '\\?')), says: 'no https URL' },
    { why: 'a line feed', token: altered((url) => `${url}\n`), says: 'no https URL' },
    {
      why: 'a semicolon between parameters',
      token: altered((url) => url.replace('&', ';')),
      says: 'no https URL',
    },
    { why: 'another host', token: tokenWith({}, 'sts.evil.example'), says: 'no STS' },
    {
      why: 'a host that ends alike',
      token: tokenWith({}, 'evil-sts.us-east-1.amazonaws.com'),
      says: 'no STS',
    },
    { why: 'a parameter that is not known', token: tokenWith({ RoleArn: 'x' }), says: 'not allowed' },
    {
      why: 'a parameter twice',
      token: altered((url) => `${url}&Action=GetCallerIdentity`),
      says: 'repeated',
    },
    {
      why: 'a parameter twice in two cases',
      token: altered((url) => `${url}&action=AssumeRole`),
      says: 'repeated',
    },
    { why: 'an encoded name twice', token: altered((url) => `${url}&%41ction=AssumeRole`), says: 'repeated' },
    { why: 'another action', token: tokenWith({ Action: 'AssumeRole' }), says: 'action' },
    { why: 'no action', token: tokenWith({ Action: undefined }), says: 'action' },
    { why: 'the action in another case', token: tokenWith({ Action: 'getcalleridentity' }), says: 'action' },
    {
      why: 'the cluster not signed',
      token: tokenWith({ 'X-Amz-SignedHeaders': 'host' }),
      says: 'not signed',
    },
    {
      why: 'a header like it signed',
      token: tokenWith({ 'X-Amz-SignedHeaders': `host;${clusterHeader}x` }),
      says: 'not signed',
    },
    { why: 'no expiry', token: tokenWith({ 'X-Amz-Expires': undefined }), says: 'X-Amz-Expires' },
    { why: 'an hour', token: tokenWith({ 'X-Amz-Expires': '901' }), says: 'X-Amz-Expires' },
    { why: 'a negative expiry', token: tokenWith({ 'X-Amz-Expires': '-1' }), says: 'X-Amz-Expires' },
    { why: 'an expiry with a sign', token: tokenWith({ 'X-Amz-Expires': '+60' }), says: 'X-Amz-Expires' },
    { why: 'no date', token: tokenWith({ 'X-Amz-Date': undefined }), says: 'X-Amz-Date' },
    {
      why: 'a date of no calendar',
      token: tokenWith({ 'X-Amz-Date': '20261302T030405Z' }),
      says: 'X-Amz-Date',
    },
    {
      why: 'a date of another form',
      token: tokenWith({ 'X-Amz-Date': '2026-01-02T03:04:05Z' }),
      says: 'X-Amz-Date',
    },
  ])('$why', ({ token, says }) => {
    expect(read(token)).toEqual(expect.stringContaining(says));
  });

  test('after a quarter of an hour, whatever it says itself', () => {
    const token = tokenWith({ 'X-Amz-Expires': '900' });
    expect(read(token, signedAt + 900_000)).toHaveProperty('url');
    expect(read(token, signedAt + 900_001)).toBe('the token has expired');
  });
});

test.each([
  { host: 'sts.amazonaws.com', region: 'eu-central-1', is: true },
  { host: 'sts.eu-west-1.amazonaws.com', region: 'us-east-1', is: true },
  { host: 'sts-fips.us-west-2.amazonaws.com', region: 'us-east-1', is: true },
  { host: 'sts.us-east-1.api.aws', region: 'us-east-1', is: true },
  { host: 'sts.us-gov-west-1.amazonaws.com', region: 'us-gov-west-1', is: true },
  { host: 'sts.cn-north-1.amazonaws.com.cn', region: 'cn-north-1', is: true },
  { host: 'sts.us-gov-west-1.amazonaws.com', region: 'us-east-1', is: false },
  { host: 'sts.us-east-1.amazonaws.com', region: 'us-gov-west-1', is: false },
  { host: 'sts.amazonaws.com', region: 'cn-north-1', is: false },
  { host: 'sts.cn-north-1.amazonaws.com.cn', region: 'us-east-1', is: false },
  { host: 'sts.evil.us-east-1.amazonaws.com', region: 'us-east-1', is: false },
  { host: 'sts.us-east-1.amazonaws.com.evil.example', region: 'us-east-1', is: false },
  { host: 'iam.us-east-1.amazonaws.com', region: 'us-east-1', is: false },
  { host: 'sts.s3-us-west-2.amazonaws.com', region: 'us-east-1', is: false },
  { host: 'sts.us-east-1.elb.amazonaws.com', region: 'us-east-1', is: false },
])('$host is an STS for $region: $is', ({ host, region, is }) => {
  expect(isStsHost(host, region)).toBe(is);
});

test.each(['us-east-1', 'eu-south-2', 'cn-northwest-1', 'us-gov-east-1', 'ap-northeast-3', 'mx-central-1'])(
  'tokens for %s are signed for a host that it accepts',
  (region) => expect(isStsHost(stsHost(region), region)).toBe(true),
);
