import { tags } from '../drivers/tags.ts';

/** The tag by which a bill tells a deployment's costs from others, once it is activated for cost allocation. */
export const costTag = tags.deployment;
