import { defaultAudience } from '../auth/tokens.ts';
import type { ApiDeps } from './deps.ts';
import { jsonBytes, pageNotFound } from './http/answer.ts';
import type { ApiRequest, ApiResponse } from './http/message.ts';

/** An hour, as a real server lets clients keep both documents. */
const kept = { 'cache-control': 'public, max-age=3600' };

/** /.well-known/openid-configuration: what relying parties need in order to check tokens of service accounts. */
export async function openidConfiguration(deps: ApiDeps, request: ApiRequest): Promise<ApiResponse> {
  if (!deps.tokenKeys) return pageNotFound();
  const { tokenIssuer: issuer = defaultAudience } = deps;
  const algorithms = (await deps.tokenKeys()).map(({ alg }) => alg);
  const host = request.header('host') ?? request.header(':authority');
  const server = host ? `https://${host}` : issuer;
  const [cluster] = request.target.split('/.well-known');
  return document({
    issuer,
    jwks_uri: `${server}${cluster}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [...new Set(algorithms)],
  });
}

/** /openid/v1/jwks: every key that a good token may have been signed with. */
export async function openidKeys({ tokenKeys }: ApiDeps): Promise<ApiResponse> {
  if (!tokenKeys) return pageNotFound();
  return document({ keys: await tokenKeys() }, 'application/jwk-set+json');
}

const document = (value: object, type = 'application/json') =>
  jsonBytes(200, Buffer.from(JSON.stringify(value)), { ...kept, 'content-type': type });
