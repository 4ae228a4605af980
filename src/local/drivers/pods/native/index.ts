export { rootsInUse } from './rootsInUse.ts';
export { findSupport, type Support } from './support.ts';
