import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '../../../shared/errors/apiError.ts';

/**
 * Lets in the one browser that brought the token. The token is good once, and for some minutes; what the browser has
 * afterwards is a cookie.
 *
 * Cookies know hosts and no ports: a program on another port of this machine is sent those of ours. So all that is served
 * stands below a path that cannot be guessed, and the cookie is for that path alone.
 */
export interface Door {
  /** Begins and ends with a slash. */
  readonly path: string;
  /** What is printed, once. */
  readonly address: string;
  /** Answers the cookie to set, when the token is the right one and was not used before. */
  redeem(token: string): string | undefined;
  /** @throws ApiError for a request that is not the page's own. */
  check(request: Asked): void;
  /** @throws ApiError for another host than this machine's: a name that somebody made to mean 127.0.0.1. */
  checkHost(headers: IncomingHttpHeaders): void;
}

interface Asked {
  method?: string;
  headers: IncomingHttpHeaders;
}

const cookieName = 'shallop-console';
/** Long enough to copy an address to a browser. */
const tokenMs = 10 * 60_000;

export function openDoor(
  port: number,
  now: () => number,
  random: () => string = () => randomBytes(24).toString('base64url'),
): Door {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const path = `/${random()}/`;
  const [token, session] = [random(), random()];
  const goodUntil = now() + tokenMs;
  let isUsed = false;
  const checkHost = ({ host }: IncomingHttpHeaders) => {
    if (!hosts.includes(host ?? '')) throw forbidden('the console serves its own machine only');
  };
  return {
    path,
    address: `http://${hosts[0]}${path}?token=${token}`,
    redeem: (given) => {
      if (isUsed || now() > goodUntil || !isSame(given, token)) return undefined;
      isUsed = true;
      return `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=${path}`;
    },
    checkHost,
    check: ({ method, headers }) => {
      checkHost(headers);
      const { origin } = headers;
      const isOwn = origin === `http://${headers.host}`;
      const isRead = method === 'GET' && headers.upgrade === undefined;
      if (origin !== undefined ? !isOwn : !isRead) throw forbidden('the console serves its own page only');
      if (!['same-origin', 'none', undefined].includes(headers['sec-fetch-site'] as string | undefined))
        throw forbidden('the console serves its own page only');
      if (!cookiesIn(headers.cookie).some((cookie) => isSame(cookie, session)))
        throw new ApiError('Unauthorized', 'the address that `shallop console` printed lets one browser in');
    },
  };
}

const cookiesIn = (header = ''): string[] =>
  header
    .split(';')
    .map((pair) => pair.trim().split('='))
    .flatMap(([name, value]) => (name === cookieName && value ? [value] : []));

const isSame = (given: string, wanted: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
};

const forbidden = (message: string) => new ApiError('Forbidden', message);
