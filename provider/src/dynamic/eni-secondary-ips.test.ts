import * as pulumi from "@pulumi/pulumi";
import { EniSecondaryIps } from "./eni-secondary-ips";

test("new without arguments, as in JavaScript: is registered without inputs, so that check names the missing ones", async () => {
  const registered: Record<string, unknown>[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => {
      registered.push(inputs as Record<string, unknown>);
      return { id: name, state: {} };
    },
    call: () => ({}),
  });
  const WithoutArguments = EniSecondaryIps as unknown as new (name: string) => EniSecondaryIps;
  const { id } = new WithoutArguments("edge");
  await new Promise((resolve) => id.apply(resolve));
  expect(registered).toHaveLength(1);
  expect(registered[0]).not.toHaveProperty("networkInterfaceId");
});
