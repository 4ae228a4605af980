import type { Cause } from '../../../../errors/apiError.ts';

export const validate = (): Cause[] => [];
export const validateStatus = (): Cause[] => [];
