import { describeCrashes } from "../crashes/every-crash";

// A third of them, with either victim and every kind of call; the suite `crashes` has the others.
describeCrashes((_kill, index) => index % 3 === 1);
