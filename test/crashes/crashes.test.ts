import { describeCrashes, isInThird } from "./every-crash";

// All crashes that `test/engine/crashes.test.ts` leaves out.
describeCrashes((list, index) => !isInThird(list, index));
