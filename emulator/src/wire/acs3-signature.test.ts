import { parseAuthorization, sign, stringToSign } from "./acs3-signature";

/** A request that the official SDK sent, captured on a socket; key pair `testid` and `testsecret`. */
const captured = {
  method: "POST",
  query: new URLSearchParams(
    "ClientToken=a%20b*~!%27()%C3%A9&Ipv4Prefix.1=10.0.1.0%2F28&NetworkInterfaceId=eni-1&PrivateIpAddress.1=10.0.0.5&PrivateIpAddress.2=10.0.0.6&RegionId=cn-hangzhou",
  ),
  headers: {
    host: "127.0.0.1:43349",
    "x-acs-version": "2014-05-26",
    "x-acs-action": "AssignPrivateIpAddresses",
    "user-agent": "AlibabaCloud (linux; x64) Node.js/v20.20.2 Core/1.0.1 TeaDSL/2",
    "x-acs-date": "2026-11-23T06:21:14Z",
    "x-acs-signature-nonce": "439a86635382fd58c856ffc5d2e2f70badf8219a1ebcf164d38c7be77095de87",
    accept: "application/json",
    "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "x-acs-credentials-provider": "static_ak",
  },
  body: Buffer.alloc(0),
};
const authorization =
  "ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=bae06174fe76328affccb795f07ce268c53529d2e1a290402315c7171cbcef89";

test("a captured request of the official SDK gives the signature that it carries", () => {
  const parsed = parseAuthorization(authorization);
  expect(parsed?.accessKeyId).toBe("testid");
  const text = stringToSign(captured, parsed?.signedHeaders ?? []);
  expect(sign(text, "testsecret")).toBe(parsed?.signature);
});

test.each([
  ["another method", { ...captured, method: "GET" }],
  ["another parameter", { ...captured, query: new URLSearchParams("RegionId=cn-hangzhou") }],
  ["another host", { ...captured, headers: { ...captured.headers, host: "127.0.0.1:1" } }],
  ["another body", { ...captured, body: Buffer.from("x") }],
])("%s gives another signature", (_, request) => {
  const parsed = parseAuthorization(authorization);
  expect(sign(stringToSign(request, parsed?.signedHeaders ?? []), "testsecret")).not.toBe(parsed?.signature);
});

test("the order of the parameters on the URL does not matter", () => {
  const parts = Array.from({ length: 12 }, (_, index) => `PrivateIpAddress.${index + 1}=10.0.0.${index}`);
  const forwards = { ...captured, query: new URLSearchParams(parts.join("&")) };
  const backwards = { ...captured, query: new URLSearchParams(parts.toReversed().join("&")) };
  expect(stringToSign(forwards, ["host"])).toBe(stringToSign(backwards, ["host"]));
});

test.each([
  "",
  "Basic dGVzdA==",
  authorization.replace("ACS3-HMAC-SHA256", "ACS3-HMAC-SM3"),
  authorization.replace(/Credential=[^,]*,/, ""),
  authorization.replace(/Signature=.*$/, "Signature=short"),
])("refuses to read the header %p", (header) => {
  expect(parseAuthorization(header)).toBeUndefined();
});
