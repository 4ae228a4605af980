import { jest, test } from '@jest/globals';
import { synthesise } from '../support/aws/template.ts';

// A synthesis takes seconds where others work too.
jest.setTimeout(60_000);

test.each(['INTEGRATION_FAILURE', 'THROTTLED', 'DEFAULT_5XX'])(
  'who is told %s comes again: it may be that Lambda ran as many functions as the account may',
  (ResponseType) =>
    synthesise().hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
      ResponseType,
      ResponseParameters: { 'gatewayresponse.header.Retry-After': "'1'" },
    }),
);
