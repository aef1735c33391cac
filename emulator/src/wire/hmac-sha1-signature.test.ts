import { hmacSha1Sign, hmacSha1StringToSign } from "./hmac-sha1-signature";

/** The example of https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism, secret `testsecret`. */
const documented = {
  Action: "DescribeRegions",
  Version: "2014-05-26",
  Format: "XML",
  AccessKeyId: "testid",
  SignatureMethod: "HMAC-SHA1",
  SignatureVersion: "1.0",
  SignatureNonce: "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
  Timestamp: "2016-02-23T12:46:24Z",
};
const signature = "OLeaidS1JvxuMvnyHOwuJ+uX5qY=";

test("the documented request gives the documented string and signature", () => {
  const text = hmacSha1StringToSign("GET", documented);
  expect(text).toBe(
    "GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribeRegions%26Format%3DXML%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf%26SignatureVersion%3D1.0%26Timestamp%3D2016-02-23T12%253A46%253A24Z%26Version%3D2014-05-26",
  );
  expect(hmacSha1Sign(text, "testsecret")).toBe(signature);
});

test("the signature itself is not signed, and the order does not matter", () => {
  const reversed = Object.fromEntries(Object.entries({ ...documented, Signature: signature }).reverse());
  expect(hmacSha1StringToSign("GET", reversed)).toBe(hmacSha1StringToSign("GET", documented));
});

test.each([
  ["another method", hmacSha1StringToSign("POST", documented)],
  ["another value", hmacSha1StringToSign("GET", { ...documented, Action: "DescribeZones" })],
  ["one more parameter", hmacSha1StringToSign("GET", { ...documented, RegionId: "cn-hangzhou" })],
])("%s gives another signature", (_, text) => {
  expect(hmacSha1Sign(text, "testsecret")).not.toBe(signature);
});

test("values are encoded twice, names too, and only letters, digits and -_.~ stay", () => {
  expect(hmacSha1StringToSign("GET", { "T[1]": "a b*~!'()+&=é" })).toBe(
    "GET&%2F&T%255B1%255D%3Da%2520b%252A~%2521%2527%2528%2529%252B%2526%253D%25C3%25A9",
  );
});
