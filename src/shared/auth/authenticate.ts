import { ApiError } from '../errors/apiError.ts';
import { isComing, type Soon } from '../meta/soon.ts';
import { anonymous, authenticated, credentialId, type User } from './user.ts';
import { unreadable, websocketToken } from './websocketToken.ts';

/** Describes what of a request can prove who sent it. */
export interface Credentials {
  header(name: string): string | undefined;
  peer: {
    certificate?: { commonName: string; organizations: string[]; fingerprint?: string };
    /** A certificate was shown, and it is not good here. */
    certificateRefused?: boolean;
    internal?: { user: string; groups: string[] };
  };
  /** Logical cluster the request goes to: a token of one says nothing in another. */
  cluster: string;
  /** The audience that a token has to be meant for, where that is not the API itself (TokenReview). */
  audience?: string;
}

/** Answers the user, undefined when these credentials are not of its kind. Throws Unauthorized when they are bad. */
export type Authenticator = (credentials: Credentials) => Soon<User | undefined>;

/** Asks one after the other; who shows no credentials at all, good or bad, is anonymous. */
export const firstOf =
  (...authenticators: Authenticator[]) =>
  (credentials: Credentials): Soon<User> =>
    askedFrom(0, authenticators, credentials);

function askedFrom(at: number, authenticators: Authenticator[], credentials: Credentials): Soon<User> {
  for (let i = at; i < authenticators.length; i++) {
    const given = authenticators[i]!(credentials);
    if (isComing(given)) return given.then((user) => user ?? askedFrom(i + 1, authenticators, credentials));
    if (given) return given;
  }
  if (credentials.header('authorization') || credentials.peer.certificateRefused) throw unauthorized();
  return anonymous;
}

/** Callers in the same process. */
export const internalPeer: Authenticator = ({ peer: { internal } }) =>
  internal && authenticated({ name: internal.user, groups: internal.groups });

/** Common name → user, organisations → groups. A transport shows the certificate of a connection as one value. */
export const clientCertificate: Authenticator = ({ peer: { certificate } }) => {
  if (!certificate) return undefined;
  const known = users.get(certificate) ?? userOf(certificate);
  users.set(certificate, known);
  return known;
};

type Certificate = NonNullable<Credentials['peer']['certificate']>;

const users = new WeakMap<Certificate, User>();

function userOf({ commonName, organizations, fingerprint }: Certificate): User {
  const extra = fingerprint && { [credentialId]: [`X509SHA256=${fingerprint}`] };
  return authenticated({ name: commonName, groups: organizations, ...(extra && { extra }) });
}

/** Checks a token for a logical cluster and an audience (the API's own); undefined when it is not valid there (now). */
export type TokenVerifier = (token: string, cluster: string, audience?: string) => Soon<User | undefined>;

export const bearerToken =
  (verify: TokenVerifier): Authenticator =>
  async ({ header, cluster, audience }) => {
    const value = header('authorization');
    const token = value ? /^bearer +(\S+)\s*$/i.exec(value)?.[1] : websocketToken(header);
    if (!token) return undefined;
    const user = token === unreadable ? undefined : await verify(token, cluster, audience);
    if (!user) throw unauthorized();
    return authenticated(user);
  };

/** Stands last where nobody may be anonymous. */
export const nobodyElse: Authenticator = () => {
  throw unauthorized();
};

export const unauthorized = () => new ApiError('Unauthorized', 'Unauthorized');
