import { describeCrashes } from "../crashes/every-crash";

// One third of the crashes, with both victims and all kinds of calls. The suite `crashes` runs the others.
describeCrashes((_kill, index) => index % 3 === 1);
