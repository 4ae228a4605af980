import { expect, test } from '@jest/globals';
import type { HTTPIngressPath, Ingress, IngressBackend, IngressSpec } from '../../../schema/types.ts';
import { validateStatus } from './status.ts';
import { validate } from './validate.ts';

const defaultBackend = { service: { name: 'web', port: { number: 80 } } };
const of = (spec: IngressSpec, annotations?: Record<string, string>): Ingress => ({
  metadata: { name: 'a', annotations },
  spec,
});
const withPath = (path: Partial<HTTPIngressPath>, host?: string): IngressSpec => ({
  rules: [{ host, http: { paths: [{ pathType: 'Prefix', path: '/', backend: defaultBackend, ...path }] } }],
});
const withBackend = (backend: IngressBackend): IngressSpec => ({ defaultBackend: backend });
const texts = (object: Ingress, old?: Ingress) =>
  validate(object, old).map((c) => `${c.field}: ${c.message}`);
const at = 'spec.rules[0].http.paths[0]';

test.each<[IngressSpec, string]>([
  [withPath({ path: 'x' }), `${at}.path: Invalid value: "x": must be an absolute path`],
  [withPath({ path: '' }), `${at}.path: Invalid value: "": must be an absolute path`],
  [withPath({ path: '/a//b' }), `${at}.path: Invalid value: "/a//b": must not contain '//'`],
  [withPath({ path: '/a%2Fb' }), `${at}.path: Invalid value: "/a%2Fb": must not contain '%2F'`],
  [withPath({ path: '/a/..' }), `${at}.path: Invalid value: "/a/..": cannot end with '/..'`],
  [
    withPath({ path: 'x', pathType: 'ImplementationSpecific' }),
    `${at}.path: Invalid value: "x": must be an absolute path`,
  ],
  [
    withPath({ pathType: 'Regex' as never }),
    `${at}.pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"`,
  ],
  [
    withPath({}, '10.0.0.1'),
    'spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
  ],
  [
    withPath({}, 'a.*.b'),
    `spec.rules[0].host: Invalid value: "a.*.b": a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
  ],
  [{ rules: [{ http: { paths: [] } }] }, 'spec.rules[0].http.paths: Required value'],
  [withBackend({}), 'spec.defaultBackend: Invalid value: "": resource or service backend is required'],
  [
    withBackend({ ...defaultBackend, resource: { kind: 'B', name: 'b' } }),
    'spec.defaultBackend: Invalid value: "": cannot set both resource and service backends',
  ],
  [
    withBackend({ service: { name: 'web', port: { name: 'a', number: 1 } } }),
    'spec.defaultBackend: Invalid value: "": cannot set both port name & port number',
  ],
  [
    withBackend({ service: { name: 'web' } }),
    'spec.defaultBackend: Required value: port name or number is required',
  ],
  [
    withBackend({ service: { name: '', port: { number: 80 } } }),
    'spec.defaultBackend.service.name: Required value',
  ],
  [withBackend({ resource: { kind: '', name: 'b' } }), 'spec.defaultBackend.resource.kind: Required value'],
])('%j: %s', (spec, text) => expect(texts(of(spec))).toEqual([text]));

test.each<IngressSpec>([
  withPath({}, '*.example.com'),
  withPath({ path: '', pathType: 'ImplementationSpecific' }),
  { defaultBackend, tls: [{ hosts: ['a.b', '*.a.b'], secretName: 's' }, {}] },
])('%j is valid', (spec) => expect(texts(of(spec))).toEqual([]));

test('an annotation for another class than the field is invalid only when new', () => {
  const object = of({ defaultBackend, ingressClassName: 'a' }, { 'kubernetes.io/ingress.class': 'b' });
  expect(texts(object)).toEqual([
    'annotations.kubernetes.io/ingress.class: Invalid value: "b": must match `ingressClassName` when both are specified',
  ]);
  expect(texts(object, object)).toEqual([]);
});

test('names of Secrets that are invalid already may stay', () => {
  const object = of({ defaultBackend, tls: [{ secretName: 'A_B' }] });
  expect(texts(object)).toHaveLength(1);
  expect(texts(object, object)).toEqual([]);
});

test('addresses in the status are judged, unless they stand there already', () => {
  const told = (ip: string, hostname?: string): Ingress => ({
    ...of({ defaultBackend }),
    status: { loadBalancer: { ingress: [{ ip, hostname }] } },
  });
  expect(validateStatus(told('x'), of({}))).toMatchObject([{ field: 'status.loadBalancer.ingress[0].ip' }]);
  expect(validateStatus(told('x'), told('x'))).toEqual([]);
  expect(validateStatus(told('', '1.2.3.4'), of({}))).toMatchObject([
    { message: 'Invalid value: "1.2.3.4": must be a DNS name, not an IP address' },
  ]);
});
