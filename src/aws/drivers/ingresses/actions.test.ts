import { describe, expect, test } from '@jest/globals';
import { actionOf, albPrefix, fixedResponse, redirectTo } from './actions.ts';

const backend = { service: { name: 'x', port: { name: 'use-annotation' } } };
const read = (action: string | object) => {
  const problems: string[] = [];
  const text = typeof action === 'string' ? action : JSON.stringify(action);
  const annotations = { [`${albPrefix}actions.x`]: text };
  const found = actionOf(backend, annotations, (key, message) => problems.push(`${key}: ${message}`));
  return found ?? problems;
};
const forward = (...targetGroups: object[]) => ({ type: 'forward', forwardConfig: { targetGroups } });

describe("the Controller's examples", () => {
  test('a fixed response', () => {
    const fixedResponseConfig = {
      contentType: 'text/html',
      statusCode: '503',
      messageBody: '503 error text',
    };
    expect(read({ type: 'fixed-response', fixedResponseConfig })).toEqual(
      fixedResponse('503', '503 error text', 'text/html'),
    );
  });

  test('a redirect, which keeps what it does not name', () => {
    const redirectConfig = { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301' };
    expect(read({ type: 'redirect', redirectConfig })).toEqual({
      redirect: {
        protocol: 'HTTPS',
        port: '443',
        host: '#{host}',
        path: '/#{path}',
        query: '#{query}',
        status: 'HTTP_301',
      },
    });
    const without = { ...redirectConfig, query: '' };
    expect(read({ type: 'redirect', redirectConfig: without })).toEqual(
      redirectTo('HTTP_301', { protocol: 'HTTPS', port: '443', query: '' }),
    );
  });

  test('a target group of somebody else', () => {
    expect(read({ type: 'forward', targetGroupARN: 'arn-of-your-target-group' })).toEqual({
      forward: [{ target: { arn: 'arn-of-your-target-group' }, weight: 1 }],
    });
  });

  test('several Services by weight, with stickiness, whatever case keys are in', () => {
    const targetGroups = [
      { serviceName: 'service-1', servicePort: 'http', weight: 20 },
      { ServiceName: 'service-2', servicePort: '80', weight: 80 },
    ];
    const TargetGroupStickinessConfig = { Enabled: true, DurationSeconds: 120 };
    expect(read({ type: 'forward', forwardConfig: { targetGroups, TargetGroupStickinessConfig } })).toEqual({
      forward: [
        { target: { service: 'service-1', port: 'http' }, weight: 20 },
        { target: { service: 'service-2', port: 80 }, weight: 80 },
      ],
      stickySeconds: 120,
    });
  });

  test('one Service needs no weight', () => {
    expect(read(forward({ serviceName: 's', servicePort: 80 }))).toEqual({
      forward: [{ target: { service: 's', port: 80 }, weight: 1 }],
    });
  });
});

test('a backend that names a port is its Service', () => {
  const plain = { service: { name: 'web', port: { number: 80 } } };
  expect(actionOf(plain)).toEqual({ forward: [{ target: { service: 'web', port: 80 }, weight: 1 }] });
});

test('an annotation that is not there is 503', () => {
  expect(actionOf(backend)).toEqual(fixedResponse('503', 'Backend action does not exist'));
});

const one = { serviceName: 's', servicePort: 80, weight: 1 };
test.each([
  { action: '{', says: 'unknown action type: none' },
  { action: { type: 'teapot' }, says: 'unknown action type: teapot' },
  { action: { type: 'redirect' }, says: 'missing RedirectConfig' },
  { action: { type: 'redirect', redirectConfig: {} }, says: 'statusCode is required' },
  { action: { type: 'redirect', redirectConfig: { statusCode: '301' } }, says: 'HTTP_301 or HTTP_302' },
  { action: { type: 'fixed-response' }, says: 'missing FixedResponseConfig' },
  { action: { type: 'fixed-response', fixedResponseConfig: { statusCode: '302' } }, says: '2XX, 4XX or 5XX' },
  {
    action: {
      type: 'fixed-response',
      fixedResponseConfig: { statusCode: '200', messageBody: 'x'.repeat(1025) },
    },
    says: 'at most 1024 characters',
  },
  {
    action: { type: 'fixed-response', fixedResponseConfig: { statusCode: '200', contentType: 'image/png' } },
    says: 'contentType must be one of',
  },
  { action: { type: 'forward' }, says: 'missing ForwardConfig' },
  { action: { ...forward(one), targetGroupARN: 'arn' }, says: 'either ForwardConfig or' },
  { action: { type: 'forward', targetGroupName: 'n' }, says: 'targetGroupName is not supported' },
  { action: forward(), says: 'targetGroups must be 1 to 5' },
  { action: forward(one, one, one, one, one, one), says: 'targetGroups must be 1 to 5' },
  { action: forward({}), says: 'missing serviceName' },
  { action: forward({ serviceName: 's' }), says: 'missing servicePort' },
  { action: forward({ ...one, targetGroupARN: 'arn' }), says: 'either serviceName or' },
  {
    action: forward({ ...one, weight: undefined }, one),
    says: 'weight must be set when route to multiple target groups',
  },
  { action: forward({ ...one, weight: 1000 }), says: 'from 0 to 999' },
  {
    action: {
      type: 'forward',
      forwardConfig: { targetGroups: [one], targetGroupStickinessConfig: { enabled: true } },
    },
    says: 'durationSeconds must be from 1',
  },
])('$says is said under the name of the annotation', ({ action, says }) => {
  expect(read(action)).toEqual([expect.stringMatching(/^actions\.x: /)]);
  expect(read(action)).toEqual([expect.stringContaining(says)]);
});
