import { listAddresses } from "./addresses.mjs";

const isRead = ({ action }) => /^(?:Describe|Get)/.test(action);

export const reads = (calls) => calls.filter(isRead);
export const writes = (calls) => calls.filter((call) => !isRead(call));

export const refusals = (calls) => calls.filter(({ code }) => code !== null);

/** How often an action was asked for. */
export function count(calls, action) {
  return calls.filter((call) => call.action === action).length;
}

/** The addresses that a call names. */
export function addressesIn({ params }) {
  return Object.entries(params)
    .filter(([name]) => /^PrivateIpAddress\.\d+$/.test(name))
    .map(([, address]) => address);
}

/** The log of calls, a line each. */
export function describeCalls(calls) {
  return calls.map((call) => {
    const { action, status, code } = call;
    const answer = status === null ? "no answer" : code ? `${status} ${code}` : `${status}`;
    return `${action.padEnd(28)}${listAddresses(addressesIn(call)).padEnd(12)}${answer}`;
  });
}
