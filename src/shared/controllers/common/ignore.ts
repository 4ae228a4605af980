import { isReason } from '../../errors/apiError.ts';

/** Gone already is what a deletion wants. */
export const unlessGone = async (work: Promise<unknown>): Promise<void> => {
  try {
    await work;
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
};

/** There already is what a repeated creation wants; answers whether this call made it. */
export const unlessThere = async (work: Promise<unknown>): Promise<boolean> => {
  try {
    await work;
    return true;
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
    return false;
  }
};
