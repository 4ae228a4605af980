import { ApiError } from '../errors/apiError.ts';
import { type Authenticator, anonymous, type User } from './auth.ts';

const authenticated = 'system:authenticated';

/** Callers in the same process say themselves who they are. */
export const internalCaller: Authenticator = ({ peer }) =>
  peer.internal && { name: peer.internal.user, groups: [...peer.internal.groups, authenticated] };

/** A client certificate that the transport verified: CN is the user, each O a group. */
export const clientCertificate: Authenticator = ({ peer }) =>
  peer.certificate && {
    name: peer.certificate.commonName,
    groups: [...peer.certificate.organizations, authenticated],
  };

/** `Authorization: Bearer …`, checked by `verify`, which answers undefined for a token it does not take. */
export const bearerToken =
  (verify: (token: string) => Promise<User | undefined>): Authenticator =>
  async (request) => {
    const header = request.header('authorization');
    if (!header) return undefined;
    const token = /^Bearer\s+(\S+)$/i.exec(header)?.[1];
    const user = token ? await verify(token) : undefined;
    if (!user) throw new ApiError('Unauthorized', 'Unauthorized');
    return { ...user, groups: [...user.groups, authenticated] };
  };

/** The first that knows the caller decides; nobody knows: anonymous. */
export const firstOf =
  (...authenticators: Authenticator[]): Authenticator =>
  async (request) => {
    for (const authenticator of authenticators) {
      const user = await authenticator(request);
      if (user) return user;
    }
    return anonymous;
  };
