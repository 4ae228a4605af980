import { expect, test } from '@jest/globals';
import { testServer } from '../../api/testing/testingServer.ts';

const backend = { service: { name: 'web', port: { number: 80 } } };

async function classOf(classes: [name: string, isDefault: boolean][], more: object, annotations = {}) {
  const { send, clock } = await testServer();
  for (const [name, isDefault] of classes) {
    const marks = { 'ingressclass.kubernetes.io/is-default-class': String(isDefault) };
    await send('POST /apis/networking.k8s.io/v1/ingressclasses', {
      body: { metadata: { name, annotations: marks }, spec: { controller: 'example.com/x' } },
    });
    await clock.advance(1000);
  }
  const answer = await send('POST /apis/networking.k8s.io/v1/namespaces/default/ingresses', {
    body: { metadata: { name: 'i', annotations }, spec: { defaultBackend: backend, ...more } },
  });
  expect(answer.status).toBe(201);
  return answer.json.spec.ingressClassName;
}

const classes: [string, boolean][] = [
  ['older', true],
  ['newer', true],
  ['other', false],
];

test('an Ingress without a class gets the newest default one', async () => {
  expect(await classOf(classes, {})).toBe('newer');
});

test('one that names a class, or has the annotation for it, keeps it; without a default class there is none', async () => {
  expect(await classOf(classes, { ingressClassName: 'other' })).toBe('other');
  expect(await classOf(classes, {}, { 'kubernetes.io/ingress.class': 'other' })).toBeUndefined();
  expect(await classOf([['other', false]], {})).toBeUndefined();
});
