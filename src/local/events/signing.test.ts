import { expect, test } from '@jest/globals';
import { messageId, signingWith } from './signing.ts';

// The example of Standard Webhooks' own libraries.
const key = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

test('signs as the libraries of Standard Webhooks verify', () => {
  const body = Buffer.from('{"test": 2432232314}');
  expect(signingWith(key)('msg_p5jXN8AQM9LWM0D4loKWxJek', body, 1_614_265_330_999)).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('with two keys, while receivers go from one to the other, by both', () => {
  const headers = signingWith(`${key}\nwhsec_${Buffer.alloc(24, 1).toString('base64')}\n`)(
    'm',
    Buffer.from(''),
    0,
  );
  expect(headers['webhook-signature']!.split(' ')).toHaveLength(2);
});

test.each([
  '',
  'hunter2',
  'whsec_',
  `whsec_${Buffer.alloc(23).toString('base64')}`,
  `whsec_${Buffer.alloc(65).toString('base64')}`,
  `${key}!`,
])('refuses %j as a key', (text) => expect(() => signingWith(text)).toThrow(/key/));

test('an id of a message follows from the event, and holds no full stop', () => {
  const id = messageId('/shallop/a/clusters/default', 'default/deployments.apps/7');
  expect(id).toMatch(/^msg_[A-Za-z0-9_-]{32}$/);
  expect(messageId('/shallop/a/clusters/default', 'default/deployments.apps/7')).toBe(id);
  expect(messageId('/shallop/b/clusters/default', 'default/deployments.apps/7')).not.toBe(id);
});
