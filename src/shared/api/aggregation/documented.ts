/** OpenAPI of other servers: v3 in the index of this one, v2 in its document. */
import type { Clock } from '../../clock/clock.ts';
import type { OtherServers } from '../../ports/otherServers.ts';
import { partOf, type SwaggerPart } from '../openapi/v2/merge.ts';
import { type Asked, askedOf } from './ask.ts';

/** Describes where a document is, by its path below /openapi/v3/. */
export type Documents = Readonly<Record<string, { serverRelativeURL: string }>>;

/** Asks the server of an APIService for the document of its version; without one there is none. */
export type Documented = Asked<Documents>;

/** Makes the one that asks these servers. */
export const documentedBy = (servers: OtherServers | undefined, clock: Clock): Documented =>
  askedOf(
    servers,
    clock,
    () => '/openapi/v3',
    ({ spec }, json) => {
      const path = `apis/${spec?.group}/${spec?.version}`;
      const { paths } = (json ?? {}) as { paths?: Record<string, { serverRelativeURL?: unknown }> };
      const url = paths && Object.hasOwn(paths, path) ? paths[path]?.serverRelativeURL : undefined;
      // Clients ask this server for it: an address elsewhere is none.
      const isOwn = typeof url === 'string' && (url.split('?')[0] ?? '') === `/openapi/v3/${path}`;
      return isOwn ? { [path]: { serverRelativeURL: url } } : {};
    },
  );

/** Asks the server of an APIService for the Swagger of its version; undefined when there is none. */
export type Swaggered = Asked<SwaggerPart | undefined>;

/** Makes the one that asks these servers. */
export const swaggeredBy = (servers: OtherServers | undefined, clock: Clock): Swaggered =>
  askedOf(
    servers,
    clock,
    () => '/openapi/v2',
    ({ spec }, json) => partOf(json, `/apis/${spec?.group}/${spec?.version}`),
  );
