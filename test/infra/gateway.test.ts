import { expect, test } from '@jest/globals';
import { synthesise } from '../support/aws/template.ts';

// A synthesis takes seconds where others work too.

test.each(['INTEGRATION_FAILURE', 'THROTTLED', 'DEFAULT_5XX'])(
  'who is told %s comes again: it may be that Lambda ran as many functions as the account may',
  (ResponseType) =>
    synthesise().hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
      ResponseType,
      ResponseParameters: { 'gatewayresponse.header.Retry-After': "'1'" },
    }),
);

test('where the record of the domain is made elsewhere, the stack says what it leads to', () => {
  const domain = {
    domain: 'k8s.example.org',
    certificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/c',
  };
  const outputs = (context: Record<string, string>) => synthesise(context).findOutputs('DomainTarget');
  expect(outputs(domain)).toMatchObject({
    DomainTarget: { Value: { 'Fn::GetAtt': [expect.stringMatching(/^ApiDomain/), 'RegionalDomainName'] } },
  });
  expect(outputs({ ...domain, domainZoneId: 'Z1', domainZone: 'example.org' })).toEqual({});
});

test('the log of accesses says why a stream failed, and holds no query and no token', () => {
  const [stage] = Object.values(synthesise().findResources('AWS::ApiGateway::Stage'));
  const format: string = stage!.Properties.AccessLogSetting.Format;
  expect(JSON.parse(format)).toMatchObject({
    functionError: '$context.integrationErrorMessage',
    errorType: '$context.error.responseType',
  });
  expect(format).not.toMatch(/authorization|query/i);
});
