import { providerText, providerVariable, resourceType } from "./provider-text";

test("the provider in every state file is, byte for byte, what the first release wrote", () => {
  expect(providerText).toBe(
    'exports.handler=()=>require(process.env.ALICLOUD_SECONDARY_IPS_PROVIDER||"pulumi-alicloud-secondary-ips/provider")',
  );
});

test("the variable in it is the one that importing the package sets", () => {
  expect(providerText).toContain(`process.env.${providerVariable}||`);
});

test("the type in every state file is what the first release wrote", () => {
  expect(resourceType).toBe("pulumi-nodejs:dynamic/alicloud:EniSecondaryIps");
});
