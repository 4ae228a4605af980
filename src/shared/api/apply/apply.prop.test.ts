import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { typeOf } from '../../kinds/schema/facts.ts';
import { shapeOfType } from '../../kinds/schema/goShape.ts';
import { deduced } from '../../kinds/schema/shape.ts';
import { isSame } from '../../kinds/validation/same.ts';
import { atOnce, type Later, rest } from '../../meta/steps.ts';
import { compare, fieldsIn } from './compare.ts';
import { addedFields } from './created.ts';
import {
  difference,
  equal,
  type FieldSet,
  fromFieldsV1,
  intersection,
  isEmpty,
  placesOf,
  toFieldsV1,
  union,
} from './fieldSet.ts';
import { applied, type Owner, updated, type Write } from './owners.ts';

// A Pod's spec has everything: lists by key in lists by key, maps, atomic lists and structs. What is empty is owned as a
// place of its own while it is, which these laws leave out.
const shape = shapeOfType(typeOf('PodSpec'));
const name = fc.constantFrom('a', 'b', 'c', 'd');
const env = fc.uniqueArray(fc.record({ name, value: name }), {
  selector: (e) => e.name,
  minLength: 1,
  maxLength: 3,
});
const container = fc.record({ name, image: name, env, command: fc.array(name) }, { requiredKeys: ['name'] });
const containers = fc.uniqueArray(container, { selector: (c) => c.name, minLength: 1, maxLength: 4 });
const spec = fc.record(
  {
    containers,
    nodeSelector: fc.dictionary(name, name, { minKeys: 1 }),
    tolerations: fc.array(fc.record({ key: name }), { minLength: 1 }),
    restartPolicy: name,
  },
  { requiredKeys: [] },
);

const me = (manager: string, operation: Owner['operation'] = 'Apply') => ({
  manager,
  operation,
  apiVersion: 'v1',
  subresource: '',
});
const write = (live: unknown, owners: Owner[], manager: string, operation?: Owner['operation']): Write => ({
  live,
  owners,
  me: me(manager, operation),
  now: 'now',
  shape,
  ownable: (fields) => fields,
});
const apply = (config: unknown, live: unknown, owners: Owner[], manager: string) =>
  applied(config, true, write(live, owners, manager));
const of = (owners: Owner[], manager: string) => owners.find((owner) => owner.manager === manager)?.fields;
const places = (set: FieldSet | undefined) => (set ? [...placesOf(set)] : []);

describe('sets of fields', () => {
  const set = spec.map((value) => fieldsIn(value, shape));

  test('are the same after FieldsV1', () => {
    fc.assert(fc.property(set, (s) => isEmpty(s) || equal(fromFieldsV1(toFieldsV1(s)), s)));
  });

  test('obey the laws of sets', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        expect(places(union(a, b)).sort()).toEqual([...new Set([...places(a), ...places(b)])].sort());
        expect(places(difference(a, b))).toEqual(places(a).filter((p) => !places(b).includes(p)));
        expect(places(intersection(a, b))).toEqual(places(a).filter((p) => places(b).includes(p)));
      }),
    );
  });
});

describe('applying', () => {
  test('twice is applying once', () => {
    fc.assert(
      fc.property(spec, spec, (live, config) => {
        const once = apply(config, live, [], 'm');
        const twice = apply(config, once.object, once.owners, 'm');
        expect(isSame(twice.object, once.object)).toBe(true);
        expect(twice.owners).toEqual(once.owners);
      }),
    );
  });

  test('makes the object say what was applied, and owns just that', () => {
    fc.assert(
      fc.property(spec, spec, (live, config) => {
        const { object, owners } = apply(config, live, [], 'm');
        const named = fieldsIn(config, shape);
        expect(isEmpty(difference(named, fieldsIn(object, shape)))).toBe(true);
        expect(places(of(owners, 'm')).sort()).toEqual(places(named).sort());
      }),
    );
  });

  test('nothing afterwards takes back what only the applier named', () => {
    fc.assert(
      fc.property(spec, (config) => {
        const first = apply(config, {}, [], 'm');
        const { object, owners } = apply({}, first.object, first.owners, 'm');
        expect(isSame(object, {})).toBe(true);
        expect(owners).toEqual([]);
      }),
    );
  });

  test('by one keeps what others own, whatever it leaves out', () => {
    fc.assert(
      fc.property(spec, spec, spec, (theirs, mine, later) => {
        const one = apply(theirs, {}, [], 'they');
        const two = applied(mine, true, write(one.object, one.owners, 'me'));
        const three = apply(later, two.object, two.owners, 'me');
        for (const { fields } of three.owners)
          expect(places(difference(fields, fieldsIn(three.object, shape)))).toEqual([]);
      }),
    );
  });

  test('conflicts exactly where it would change what somebody else owns', () => {
    fc.assert(
      fc.property(spec, spec, (theirs, mine) => {
        const one = apply(theirs, {}, [], 'they');
        const forced = applied(mine, true, write(one.object, one.owners, 'me'));
        const lost = difference(
          of(one.owners, 'they') ?? fieldsIn({}, shape),
          of(forced.owners, 'they') ?? fieldsIn({}, shape),
        );
        let refused = false;
        try {
          applied(mine, false, write(one.object, one.owners, 'me'));
        } catch {
          refused = true;
        }
        expect(refused).toBe(places(lost).length > 0);
      }),
    );
  });

  test('to different parts comes to the same in any order', () => {
    const parts = fc.record({ containers, restartPolicy: name }, { requiredKeys: [] });
    const others = fc.record({ nodeSelector: fc.dictionary(name, name, { minKeys: 1 }) });
    fc.assert(
      fc.property(parts, others, (a, b) => {
        const [a1, b1] = [apply(a, {}, [], 'a'), apply(b, {}, [], 'b')];
        const ab = apply(b, a1.object, a1.owners, 'b');
        const ba = apply(a, b1.object, b1.owners, 'a');
        expect(isSame(ab.object, ba.object)).toBe(true);
        for (const who of ['a', 'b']) expect(places(of(ab.owners, who))).toEqual(places(of(ba.owners, who)));
      }),
    );
  });
});

test('what a creation owns is worked out the short way as the long way', () => {
  fc.assert(
    fc.property(spec, fc.option(spec, { nil: undefined }), (after, before) => {
      const { added, modified } = compare(before, after, shape);
      const changed = union(added, modified);
      const later: Later = [];
      const fields = addedFields(before, after, shape, later);
      atOnce(rest(later));
      const expected = isEmpty(changed) ? undefined : toFieldsV1(changed);
      expect(fields).toEqual(expected);
      expect(JSON.stringify(fields)).toBe(JSON.stringify(expected));
    }),
  );
});

describe('what has many parts is gone through in steps, and owned the same:', () => {
  const many = (count: number, part: (i: number) => object) =>
    Array.from({ length: count }, (_, i) => part(i));
  test.each([
    // Each is listed, sorted and then written, a thousand parts at a time, after all else.
    [
      'a list',
      { containers: [{ env: many(3500, (i) => ({ name: `N${i % 3000}`, value: `${i}` })) }] },
      shape,
      8,
    ],
    ['a map', Object.assign({}, ...many(2500, (i) => ({ [`n${-i}`]: '1' }))), deduced, 6],
  ])('%s', (_what, after, form, expected) => {
    const later: Later = [];
    const fields = addedFields(undefined, after, form, later);
    const steps = rest(later);
    let count = 0;
    while (!steps.next().done) count++;
    const { added } = compare(undefined, after, form);
    expect(JSON.stringify(fields)).toBe(JSON.stringify(toFieldsV1(added)));
    expect(count).toBe(expected);
  });
});

test('an update owns what it changed, takes it from others and forgets what it removed', () => {
  fc.assert(
    fc.property(spec, spec, (before, after) => {
      const first = apply(before, {}, [], 'they');
      const owners = updated(after, write(first.object, first.owners, 'me', 'Update'));
      const [they, mine] = [of(owners, 'they'), of(owners, 'me')];
      if (they && mine) expect(places(intersection(they, mine))).toEqual([]);
      const there = fieldsIn(after, shape);
      if (they) expect(places(difference(they, there))).toEqual([]);
      if (isSame(first.object, after)) expect(mine).toBeUndefined();
    }),
  );
});
