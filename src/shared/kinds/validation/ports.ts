import type { Cause } from '../../errors/apiError.ts';
import { portNameProblems } from '../../meta/names.ts';
import type { IntOrString } from '../schema/types.ts';
import { checked, portNumber } from './rules.ts';

/** Returns what is wrong with a port that is a number, or the name of a port of a container. */
export const portNumberOrName = (field: string, port: IntOrString): Cause[] =>
  typeof port === 'number' ? portNumber(field, port) : checked(field, port, portNameProblems);
