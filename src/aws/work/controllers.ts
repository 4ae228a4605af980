import type { Controller } from '../../shared/controllers/controller.ts';
import { tokenProjection } from '../../shared/controllers/tokenprojection/index.ts';
import type { Env } from '../config.ts';
import { controllers } from '../controllers/registry.ts';
import { environment } from '../names.ts';

/** Those that changes are told to. Nobody is woken for tokens where Pods do not reach the API. */
export const controllersFor = (env: Env): Controller[] =>
  env[environment.podApiUrl] ? controllers : controllers.filter((each) => each !== tokenProjection);
