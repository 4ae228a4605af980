/** Is what cel-go charges: per character of a text that is read, and for what is made. */
export const textCost = 0.1;
export const patternFactor = 0.25;
export const listCost = 10;
export const mapCost = 30;
export const structCost = 40;
/** A check by an authorizer; two fit into an expression. */
export const authorizationCost = 350_000;
