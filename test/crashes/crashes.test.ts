import { describeCrashes } from "./every-crash";

// All crashes that the suite `engine` leaves out.
describeCrashes((_kill, index) => index % 3 !== 1);
