import type { Controller } from '../../shared/controllers/controller.ts';
import { tokenProjection, tokenProjectionOfAll } from '../../shared/controllers/tokenprojection/index.ts';
import type { Env } from '../config.ts';
import { controllers } from '../controllers/registry.ts';
import { environment } from '../names.ts';

/**
 * Those that changes are told to. Nobody is woken for tokens where Pods do not reach the API; where they tell it what they
 * use, each of them needs one.
 */
export const controllersFor = (env: Env): Controller[] =>
  controllers.flatMap((each) => {
    if (each !== tokenProjection) return each;
    if (!env[environment.podApiUrl]) return [];
    return env[environment.podMetrics] ? tokenProjectionOfAll : tokenProjection;
  });
