/** Says where controllers have always found them. */
export { selects, selectsMap } from '../../meta/selects.ts';
