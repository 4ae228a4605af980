import { expect, test } from '@jest/globals';
import type { IngressClass, IngressClassSpec } from '../../../schema/types.ts';
import { validate } from './validate.ts';

const of = (spec: IngressClassSpec): IngressClass => ({ metadata: { name: 'a' }, spec });
const controller = 'example.com/c';
const parameters = { kind: 'K', name: 'k', scope: 'Cluster' };
const at = 'spec.parameters';

test.each<[IngressClassSpec, string]>([
  [{}, 'spec.controller: Required value'],
  [
    { controller: 'x' },
    'spec.controller: Invalid value: "x": must be a domain-prefixed path (such as "acme.io/foo")',
  ],
  [{ controller: `a/${'b'.repeat(249)}` }, 'spec.controller: Too long: may not be more than 250 bytes'],
  [
    { controller: 'a/ ' },
    `spec.controller: Invalid value: " ": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')`,
  ],
  [
    { controller, parameters: { ...parameters, scope: 'x' } },
    `${at}.scope: Unsupported value: "x": supported values: "Cluster", "Namespace"`,
  ],
  [
    { controller, parameters: { ...parameters, namespace: 'n' } },
    `${at}.namespace: Forbidden: \`parameters.scope\` is set to 'Cluster'`,
  ],
  [
    { controller, parameters: { ...parameters, scope: 'Namespace' } },
    `${at}.namespace: Required value: \`parameters.scope\` is set to 'Namespace'`,
  ],
])('%j: %s', (spec, text) =>
  expect(validate(of(spec)).map((c) => `${c.field}: ${c.message}`)).toEqual([text]),
);

test('the controller stays', () => {
  expect(validate(of({ controller: 'a/b' }), of({ controller }))).toMatchObject([
    { field: 'spec.controller', message: 'Invalid value: "a/b": field is immutable' },
  ]);
});
