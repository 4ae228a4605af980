import { expect, test } from '@jest/globals';
import { canonical, identityFrom } from './identity.ts';
import { callerJson } from './testing.ts';

const role = 'arn:aws:iam::111122223333:role/dev';

test.each([
  { arn: 'arn:aws:sts::111122223333:assumed-role/dev/alice@example.com', is: role },
  { arn: 'arn:aws:iam::111122223333:role/dev', is: role },
  { arn: 'arn:aws:iam::111122223333:role/team/a/dev', is: role },
  { arn: 'arn:aws:iam::111122223333:user/team/bob', is: 'arn:aws:iam::111122223333:user/team/bob' },
  { arn: 'arn:aws:iam::111122223333:root', is: 'arn:aws:iam::111122223333:root' },
  { arn: 'arn:aws-cn:sts::111122223333:assumed-role/dev/x', is: 'arn:aws-cn:iam::111122223333:role/dev' },
  { arn: 'arn:aws:sts::111122223333:federated-user/eve', is: 'arn:aws:sts::111122223333:federated-user/eve' },
  { arn: 'arn:aws:sts::111122223333:assumed-role/dev', is: undefined },
  { arn: 'arn:aws:iam::111122223333:group/dev', is: undefined },
  { arn: 'arn:aws:s3:::bucket', is: undefined },
  { arn: 'arn:aws:iam::1:role/dev', is: undefined },
  { arn: '', is: undefined },
])('$arn is $is', ({ arn, is }) => {
  expect(canonical(arn)).toBe(is);
});

const xml = (arn: string) => `<?xml version="1.0"?>
<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>${arn}</Arn><UserId>AROAEXAMPLE:alice</UserId><Account>111122223333</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>
</GetCallerIdentityResponse>`;
const arn = 'arn:aws:sts::111122223333:assumed-role/dev/alice';

test.each([
  ['JSON', callerJson(arn, 'AROAEXAMPLE:alice')],
  ['XML', xml(arn)],
])('an answer in %s is read', (_form, body) => {
  expect(identityFrom(body)).toEqual({
    arn,
    canonicalArn: role,
    account: '111122223333',
    userId: 'AROAEXAMPLE',
    sessionName: 'alice',
  });
});

test.each([
  ['nothing', ''],
  ['another answer', '{"AssumeRoleResponse":{}}'],
  ['an error', '<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>'],
  ['an ARN of no principal', callerJson('arn:aws:s3:::b', 'A')],
  ['a user id of three parts', callerJson(arn, 'A:b:c')],
  [
    'a number for an ARN',
    '{"GetCallerIdentityResponse":{"GetCallerIdentityResult":{"Arn":1,"Account":"1","UserId":"A"}}}',
  ],
  ['an entity in XML', xml('arn:aws:iam::111122223333:user/&#x62;ob')],
])('%s is no identity', (_what, body) => {
  expect(identityFrom(body)).toBeUndefined();
});
