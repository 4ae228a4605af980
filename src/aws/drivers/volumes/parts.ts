import { posix } from 'node:path';
import { type AccessPointDescription, CreateAccessPointCommand } from '@aws-sdk/client-efs';
import type { Clock } from '../../../shared/clock/clock.ts';
import { ApiError } from '../../../shared/errors/apiError.ts';
import { refOf, tagMap } from '../tags.ts';
import { type AccessPoints, deletePoint, madeOnce, madePoints, pointsOf } from './points.ts';
import { createPartRequest } from './requests.ts';
import { BeingMade, type VolumeParts } from './volumeParts.ts';

export function openVolumeParts({ clock, ...points }: AccessPoints & { clock: Clock }): VolumeParts {
  const looks = new Map<string, Promise<AccessPointDescription>>();
  const known = new Map<string, { id: string; until: number }>();
  const describe = async (id: string): Promise<AccessPointDescription> => {
    const [found] = await pointsOf(points, id);
    if (!found || isGoing(found)) throw new ApiError('NotFound', `there is no access point ${id}`);
    return found;
  };

  /** The look of whoever asks at the same time. */
  function wholeOf(id: string): Promise<AccessPointDescription> {
    const look = looks.get(id) ?? describe(id).finally(() => looks.delete(id));
    looks.set(id, look);
    return look;
  }

  return {
    async pointOf(accessPointId, subPath) {
      const name = `${accessPointId} ${subPath}`;
      const before = known.get(name);
      if (before && clock.now() < before.until) return before.id;
      const whole = await wholeOf(accessPointId);
      const path = pathOf(whole, subPath);
      if (path === whole.RootDirectory?.Path) return accessPointId;
      const ref = refOf(points.deployment, tagMap(whole.Tags));
      if (!ref)
        throw invalid(
          `access point ${accessPointId} was not made for a claim here: make one for the folder ${path}, or name the folder and no access point in the volume`,
        );
      const request = new CreateAccessPointCommand(createPartRequest(points.deployment, ref, whole, path));
      const id = await madeOnce(points.send('CreateAccessPoint', () => points.client.send(request)));
      const { LifeCycleState: state } = await describe(id);
      // A task that mounts it too early fails.
      if (state !== 'available') {
        const Failure = state === 'creating' ? BeingMade : ApiError;
        throw new Failure('ServiceUnavailable', `access point ${id} is ${state}`);
      }
      known.delete(name);
      known.set(name, { id, until: clock.now() + knownMs });
      if (known.size > mostKnown) known.delete(known.keys().next().value!);
      return id;
    },

    async tidy() {
      const made = await madePoints(points);
      const there = new Set(made.map(({ id }) => id));
      const left = made
        .filter(({ partOf }) => partOf !== undefined && !there.has(partOf))
        .slice(0, mostAtOnce);
      for (const [whole = '', parts = []] of Map.groupBy(left, ({ partOf }) => partOf)) {
        // One look at all may miss some. An id never comes back.
        if ((await madePoints(points, whole)).length > 0) continue;
        for (const { id } of parts) await deletePoint(points, id);
      }
    },
  };
}

/** People may delete one whose volume is there. */
const knownMs = 600_000;
const mostKnown = 1_000;

/** A claim may leave thousands, and whoever tidies has other things to do. */
const mostAtOnce = 200;

const isGoing = ({ LifeCycleState: state }: AccessPointDescription) =>
  state === 'deleting' || state === 'deleted';

const longestPath = 100;
const mostFolders = 4;

/** Returns the folder on the file system. Throws Invalid for one that cannot be the root of an access point. */
function pathOf({ RootDirectory }: AccessPointDescription, subPath: string): string {
  const root = RootDirectory?.Path ?? '/';
  const path = posix.join(root, subPath).replace(/(.)\/$/, '$1');
  const folders = path.split('/').slice(1);
  if (path !== root && !path.startsWith(`${root.replace(/\/$/, '')}/`))
    throw invalid(`${subPath} leads out of the volume`);
  if (folders.some((folder) => /^\.|[$#<>;`|&?{}^*\n]/.test(folder)))
    throw invalid(`the root of an access point has no folder that begins with . or holds $#<>;\`|&?{}^*`);
  if (folders.length > mostFolders || path.length > longestPath)
    throw invalid(
      `the root of an access point is ${mostFolders} folders deep and ${longestPath} characters long at most, ${path} is not`,
    );
  return path;
}

const invalid = (message: string) => new ApiError('Invalid', message);
