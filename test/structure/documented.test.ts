import { expect, test } from '@jest/globals';
import { listed, undocumented } from '../../tools/undocumented.ts';

test('what ports, kinds, controllers and the API export has a doc comment', () => {
  const known = listed();
  const fresh = Object.entries(undocumented()).flatMap(([path, names]) =>
    names.filter((name) => !known[path]?.includes(name)).map((name) => `${path}: ${name}`),
  );
  expect(fresh).toEqual([]);
});
