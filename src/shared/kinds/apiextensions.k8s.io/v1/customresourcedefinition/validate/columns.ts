import type { Cause } from '../../../../../errors/apiError.ts';
import type { CustomResourceColumnDefinition } from '../../../../schema/types.ts';
import { invalidValue, required } from '../../../../validation/causes.ts';
import { simplePathCauses } from './simplePath.ts';

const types = 'boolean,date,integer,number,string';
const formats = 'byte,date,date-time,double,float,int32,int64,password';

/** Returns what is wrong with a column for `kubectl get`: its name, type, format and JSONPath. */
export function columnCauses(column: CustomResourceColumnDefinition, path: string): Cause[] {
  const { name, type, format, jsonPath } = column;
  const causes: Cause[] = [];
  if (!name) causes.push(required(`${path}.name`));
  if (!type) causes.push(required(`${path}.type`, `must be one of ${types}`));
  else if (!types.split(',').includes(type))
    causes.push(invalidValue(`${path}.type`, type, `must be one of ${types}`));
  if (format && !formats.split(',').includes(format))
    causes.push(invalidValue(`${path}.format`, format, `must be one of ${formats}`));
  if (!jsonPath) causes.push(required(`${path}.JSONPath`));
  else causes.push(...simplePathCauses(jsonPath, `${path}.JSONPath`));
  return causes;
}
