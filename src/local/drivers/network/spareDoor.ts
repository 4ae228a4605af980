import { fnv1a } from '../../../shared/meta/fnv1a.ts';
import { type DoorPlan, nodeAddress } from './doors.ts';
import type { OpenDoors } from './openDoors.ts';

/** Says where a free port is looked for. */
const firstSpare = 20_000;
const spares = 10_000;
const maxSpares = 32;

/** Opens the door on 127.0.0.1, at a port that `uid` and the port's name choose, so that it is the same after a restart. */
export async function openSpare(
  door: DoorPlan,
  uid: string,
  doors: OpenDoors,
): Promise<DoorPlan | undefined> {
  const start = fnv1a(`${uid} ${door.portName}`) % spares;
  for (let i = 0; i < maxSpares; i++) {
    const spare = { ...door, address: nodeAddress, port: firstSpare + ((start + i) % spares) };
    if (!(await doors.open(spare))) return spare;
  }
  return undefined;
}
