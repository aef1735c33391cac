import path from "node:path";

/**
 * The folder of the package: above the compiled code, its bundle and the sources alike. No other module may look for files from its
 * own place, which is another one in the bundle.
 */
export const packageFolder = path.resolve(__dirname, "..");
