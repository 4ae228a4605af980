import { expect, test } from '@jest/globals';
import { goSchema } from '../../../kinds/schema/goSchema.ts';
import type { DescribedKind } from '../paths.ts';
import { swaggerResponse } from './respond.ts';

const protobuf = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

/** A kind with many versions, each of which counts how often it is asked for its models. */
function versions(count: number) {
  const asked = { models: 0, roots: 0 };
  const kinds = Array.from({ length: count }, (_, i): DescribedKind => {
    const version = `v${i + 1}`;
    const model = `io.example.${version}.Thing`;
    return {
      get group() {
        asked.roots++;
        return 'example.io';
      },
      version,
      kind: 'Thing',
      plural: 'things',
      namespaced: true,
      verbs: ['get', 'list'],
      schema: {
        ...goSchema('ConfigMap'),
        model,
        listModel: `${model}List`,
        fingerprint: version,
        models: () => {
          asked.models++;
          return { [model]: { type: 'object' }, [`${model}List`]: { type: 'object' } };
        },
      },
    };
  });
  return { kinds, asked };
}

test('a kind of many versions is looked at once for each of them, and others have their turn between', async () => {
  const workOf = async (count: number) => {
    const { kinds, asked } = versions(count);
    let turns = 0;
    const turn = () => {
      turns++;
      return undefined;
    };
    const ask = (accept: string) => swaggerResponse(kinds, { accept, turn });
    const [first, second] = await Promise.all([ask('application/json'), ask('application/json')]);
    expect(second.body).toBe(first.body);
    const { paths } = JSON.parse(String(first.body));
    expect(Object.keys(paths)).toHaveLength(3 * count);
    expect(asked.models).toBe(count);
    const whole = await Promise.all([ask(protobuf), ask(protobuf)]);
    expect(whole[1].body).toBe(whole[0].body);
    expect(asked.models).toBe(2 * count);
    return { ...asked, turns };
  };
  const [few, many] = [await workOf(50), await workOf(500)];
  expect(many.turns).toBeGreaterThan(500);
  expect(many.roots).toBeLessThan(11 * few.roots);
});
