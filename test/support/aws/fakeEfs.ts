import type { CreateAccessPointCommandInput } from '@aws-sdk/client-efs';
import { type Acts, FakeService, failure } from './fakeService.ts';

interface Point extends CreateAccessPointCommandInput {
  AccessPointId: string;
  LifeCycleState: string;
}

/** Whatever of it a request has. */
type Input = CreateAccessPointCommandInput & {
  AccessPointId: string;
  MaxResults: number;
  NextToken?: string;
};

/** As EFS says it of the root of an access point. */
const rootPattern = /^(\/|(\/(?!\.)+[^$#<>;`|&?{}^*/\n]+){1,4})$/;

/**
 * EFS in memory: access points, with its client tokens and no file systems but those it is told of. Its pages are places in
 * the list as it is at the time: one who reads them while others delete may miss a point.
 */
export class FakeEfs extends FakeService<Input> {
  readonly points = new Map<string, Point>();
  readonly #fileSystems: string[];
  readonly #pageSize: number;
  #count = 0;

  constructor(fileSystems: string[], pageSize = 2) {
    super('BadRequest');
    this.#fileSystems = fileSystems;
    this.#pageSize = pageSize;
  }

  protected readonly acts: Acts<Input> = {
    CreateAccessPoint: (input) => {
      if (!this.#fileSystems.includes(input.FileSystemId ?? '')) throw failure('FileSystemNotFound');
      const same = [...this.points.values()].find((point) => point.ClientToken === input.ClientToken);
      if (same) throw failure('AccessPointAlreadyExists', { AccessPointId: same.AccessPointId });
      const path = input.RootDirectory?.Path ?? '/';
      if (path.length > 100 || !rootPattern.test(path) || (input.ClientToken ?? '').length > 64)
        throw failure('BadRequest');
      const AccessPointId = `fsap-${(++this.#count).toString(16)}`;
      this.points.set(AccessPointId, { ...input, AccessPointId, LifeCycleState: 'creating' });
      return { AccessPointId };
    },
    DescribeAccessPoints: ({ MaxResults, NextToken, AccessPointId, FileSystemId }) => {
      if (AccessPointId) {
        const point = this.points.get(AccessPointId);
        if (!point || FileSystemId) throw failure(point ? 'BadRequest' : 'AccessPointNotFound');
        // It takes EFS as long as until somebody has asked.
        this.points.set(AccessPointId, { ...point, LifeCycleState: 'available' });
        return { AccessPoints: [point] };
      }
      const from = Number(NextToken ?? 0);
      const next = from + Math.min(MaxResults, this.#pageSize);
      const all = [...this.points.values()].filter(
        (point) => !FileSystemId || point.FileSystemId === FileSystemId,
      );
      return { AccessPoints: all.slice(from, next), ...(next < all.length && { NextToken: String(next) }) };
    },
    DeleteAccessPoint: ({ AccessPointId }) => {
      if (!this.points.delete(AccessPointId)) throw failure('AccessPointNotFound');
      return undefined;
    },
  };
}
