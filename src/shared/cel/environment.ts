import { type Environment, functionTable, typeNames } from './check/environment.ts';
import { authorization } from './library/kubernetes/authorizer.ts';
import { namedFormats } from './library/kubernetes/formats.ts';
import { jsonPatchFunctions } from './library/kubernetes/jsonpatch.ts';
import { kubernetesLists } from './library/kubernetes/lists.ts';
import { cidrType, ipType, net } from './library/kubernetes/net.ts';
import { quantity } from './library/kubernetes/quantity.ts';
import { regex } from './library/kubernetes/regex.ts';
import { semver } from './library/kubernetes/semver.ts';
import { urls } from './library/kubernetes/urls.ts';
import { lists, sets } from './library/lists.ts';
import { mapBuilding, optionals } from './library/optionals.ts';
import { standardFunctions, standardTypes } from './library/standard/index.ts';
import { strings } from './library/strings.ts';

/** The functions and types of Kubernetes 1.35 (`k8s.io/apiserver/pkg/cel/environment`), without variables. */
export const kubernetesEnvironment: Environment = {
  variables: new Map(),
  objects: new Map(),
  types: new Map([...standardTypes, ...typeNames({ 'net.IP': ipType, 'net.CIDR': cidrType })]),
  functions: functionTable(
    standardFunctions,
    optionals,
    mapBuilding,
    urls,
    regex,
    kubernetesLists,
    authorization,
    quantity,
    strings,
    sets,
    net,
    namedFormats,
    semver,
    lists,
  ),
};

/** Is what expressions of mutating policies may use besides. */
export const mutationEnvironment: Environment = {
  ...kubernetesEnvironment,
  functions: functionTable([...kubernetesEnvironment.functions.values()], jsonPatchFunctions),
};
