import { describeCrashes, isInThird } from "../crashes/every-crash";

// The suite `crashes` runs the others. The suite `plugin` runs both files for the plugin.
describeCrashes(isInThird);
