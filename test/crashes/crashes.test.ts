import { describeCrashes } from "./every-crash";

// All that the suite `engine` leaves out.
describeCrashes((_kill, index) => index % 3 !== 1);
