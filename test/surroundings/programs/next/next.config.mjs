import { dirname } from "node:path";

// The folder with node_modules, which is above this one in the matrix.
export default { turbopack: { root: dirname(import.meta.dirname) } };
