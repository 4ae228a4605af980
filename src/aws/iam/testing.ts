import { clusterHeader, tokenPrefix } from './presigned.ts';

/** 2026-01-02T03:04:05Z */
export const signedAt = Date.UTC(2026, 0, 2, 3, 4, 5);

/** Parameters of a good token of that moment. */
export const parameters = {
  Action: 'GetCallerIdentity',
  Version: '2011-06-15',
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Credential': 'AKIDEXAMPLE/20260102/us-east-1/sts/aws4_request',
  'X-Amz-Date': '20260102T030405Z',
  'X-Amz-Expires': '60',
  'X-Amz-SignedHeaders': `host;${clusterHeader}`,
  'X-Amz-Signature': 'abc',
};

export const encode = (text: string) => tokenPrefix + Buffer.from(text).toString('base64url');

/** A token with other or further parameters; undefined takes one away. */
export const tokenWith = (
  changes: Record<string, string | undefined> = {},
  host = 'sts.us-east-1.amazonaws.com',
) => {
  const all = Object.entries({ ...parameters, ...changes }).filter(([, value]) => value !== undefined);
  return encode(`https://${host}/?${new URLSearchParams(all as [string, string][])}`);
};

export const callerJson = (Arn: string, UserId: string) =>
  JSON.stringify({
    GetCallerIdentityResponse: {
      GetCallerIdentityResult: { Account: /::(\d+):/.exec(Arn)?.[1], Arn, UserId },
      ResponseMetadata: { RequestId: 'r' },
    },
  });
