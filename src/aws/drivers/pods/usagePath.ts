/** Where at the API a Pod tells what its containers use. */
export const usagePath = '/podusage';
