import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { clusterHeader, tokenPrefix } from '../../shared/auth/iam/presigned.ts';
import { stsHost } from '../../shared/auth/iam/stsHosts.ts';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}
