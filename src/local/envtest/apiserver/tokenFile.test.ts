import { expect, test } from '@jest/globals';
import { usersByToken } from './tokenFile.ts';

test('a line is a token with a name, a uid and groups', () => {
  const userOf = usersByToken(
    'admin-token,admin,,"system:masters"\r\nt,"a ""b""",7,"one,two"\n\nplain,p,1,one\n,nobody,2\n',
    '/t.csv',
  );
  expect(userOf('admin-token')).toEqual({ name: 'admin', groups: ['system:masters'] });
  expect(userOf('t')).toEqual({ name: 'a "b"', uid: '7', groups: ['one', 'two'] });
  expect(userOf('plain')).toEqual({ name: 'p', uid: '1', groups: ['one'] });
  expect(userOf('')).toBeUndefined();
  expect(userOf('constructor')).toBeUndefined();
});

test('a line of two columns is refused', () => {
  expect(() => usersByToken('t,name', '/t.csv')).toThrow(
    "token file '/t.csv' must have at least 3 columns (token, user name, user uid), found 2",
  );
});
