import { expect, test } from '@jest/globals';
import type { Attributes, Authorizer } from './authorize.ts';
import { impersonated } from './impersonate.ts';
import type { User } from './user.ts';

type Line = [name: string, value: string];

const admin: User = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };
const group = (value: string): Line => ['impersonate-group', value];
const as = (value: string): Line => ['impersonate-user', value];

/** Acts with these headers; `asked` are the rights that it took. */
async function act(lines: Line[], refused = '') {
  const asked: string[] = [];
  const authorizer: Pick<Authorizer, 'decide'> = {
    decide: (attributes) => {
      asked.push(textOf(attributes));
      return { allowed: textOf(attributes) !== refused };
    },
  };
  const headers = (prefix: string) => lines.filter(([name]) => name.startsWith(prefix));
  return { user: await impersonated(admin, headers, authorizer as Authorizer, 'default'), asked };
}

const textOf = ({ verb, resource, namespace = '', name }: Attributes) =>
  `${verb} ${resource?.plural}${resource?.subresource ? `/${resource.subresource}` : ''}.${resource?.group} ${namespace}/${name}`;

const authenticated = 'system:authenticated';
const unauthenticated = 'system:unauthenticated';

test.each<{ lines: Line[]; user: User; asked: string[] }>([
  { lines: [], user: admin, asked: [] },
  { lines: [['impersonate-user', '']], user: admin, asked: [] },
  {
    lines: [as('bob')],
    user: { name: 'bob', groups: [authenticated] },
    asked: ['impersonate users. /bob'],
  },
  {
    lines: [as('bob'), group('a, b'), group('c')],
    user: { name: 'bob', groups: ['a, b', 'c', authenticated] },
    asked: ['impersonate users. /bob', 'impersonate groups. /a, b', 'impersonate groups. /c'],
  },
  {
    lines: [as('system:serviceaccount:ns:sa')],
    user: {
      name: 'system:serviceaccount:ns:sa',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:ns', authenticated],
    },
    asked: ['impersonate serviceaccounts. ns/sa'],
  },
  {
    lines: [as('system:serviceaccount:NS:sa')],
    user: { name: 'system:serviceaccount:NS:sa', groups: [authenticated] },
    asked: ['impersonate users. /system:serviceaccount:NS:sa'],
  },
  {
    lines: [
      as('bob'),
      ['impersonate-extra-acme.com%2fteam', 'red'],
      ['impersonate-extra-acme.com%2fteam', 'blue'],
      ['impersonate-extra-100%', 'odd'],
      ['impersonate-uid', 'u1'],
    ],
    user: {
      name: 'bob',
      groups: [authenticated],
      uid: 'u1',
      extra: { 'acme.com/team': ['red', 'blue'], '100%': ['odd'] },
    },
    asked: [
      'impersonate users. /bob',
      'impersonate userextras/acme.com/team.authentication.k8s.io /red',
      'impersonate userextras/acme.com/team.authentication.k8s.io /blue',
      'impersonate userextras/100%.authentication.k8s.io /odd',
      'impersonate uids.authentication.k8s.io /u1',
    ],
  },
  {
    lines: [as('system:anonymous')],
    user: { name: 'system:anonymous', groups: [unauthenticated] },
    asked: ['impersonate users. /system:anonymous'],
  },
  {
    lines: [as('bob'), group(unauthenticated)],
    user: { name: 'bob', groups: [unauthenticated] },
    asked: ['impersonate users. /bob', 'impersonate groups. /system:unauthenticated'],
  },
])('A8: $lines acts as $user.name, by the rights $asked', async ({ lines, user, asked }) => {
  expect(await act(lines)).toEqual({ user, asked });
});

test.each<{ line: Line; text: string }>([
  { line: group('g'), text: '{Group  g    }' },
  {
    line: ['impersonate-extra-scopes', 'view'],
    text: '{UserExtra  view  authentication.k8s.io/v1  scopes}',
  },
  { line: ['impersonate-uid', 'u1'], text: '{UID  u1  authentication.k8s.io/v1  }' },
])('A8: $line.0 without a user is a BadRequest', async ({ line, text }) => {
  await expect(act([line])).rejects.toMatchObject({
    reason: 'BadRequest',
    message: `requested [${text}] without impersonating a user`,
  });
});

test.each([
  'impersonate users. /bob',
  'impersonate groups. /g',
  'impersonate userextras/scopes.authentication.k8s.io /view',
  'impersonate uids.authentication.k8s.io /u1',
])('A8: without the right to "%s" nobody is impersonated', async (refused) => {
  const lines: Line[] = [
    as('bob'),
    group('g'),
    ['impersonate-extra-scopes', 'view'],
    ['impersonate-uid', 'u1'],
  ];
  await expect(act(lines, refused)).rejects.toMatchObject({ reason: 'Forbidden' });
});
