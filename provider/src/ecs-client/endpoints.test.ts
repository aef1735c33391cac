import { EndpointError, parseEndpoint, publicEndpoint, type Product } from "./endpoints";

test.each([
  ["ap-southeast-1", "ecs.ap-southeast-1", "vpc.ap-southeast-1", "sts.ap-southeast-1"],
  ["cn-shanghai", "ecs.cn-shanghai", "vpc.cn-shanghai", "sts.cn-shanghai"],
  ["cn-hangzhou", "ecs.cn-hangzhou", "vpc", "sts.cn-hangzhou"],
  ["cn-shenzhen-finance-1", "ecs-cn-hangzhou", "vpc", "sts-vpc.cn-shenzhen-finance-1"],
  ["cn-north-2-gov-1", "ecs", "vpc", "sts-vpc.cn-north-2-gov-1"],
  ["cn-hangzhou-finance", "ecs", "vpc", "sts"],
  // Not a region, but a property of every object.
  ["constructor", "ecs.constructor", "vpc.constructor", "sts.constructor"],
])("publicEndpoint: of %s they are %s, %s and %s", (region, ecs, vpc, sts) => {
  for (const [product, host] of Object.entries({ ecs, vpc, sts })) {
    expect(publicEndpoint(product as Product, region)).toEqual({
      host: `${host}.aliyuncs.com`,
      protocol: "https",
    });
  }
});

test.each([
  ["ecs.cn-shanghai.aliyuncs.com", "https", "ecs.cn-shanghai.aliyuncs.com"],
  ["ecs.example.com:8443", "https", "ecs.example.com:8443"],
  ["https://ecs.example.com", "https", "ecs.example.com"],
  ["https://ecs.example.com:8443/", "https", "ecs.example.com:8443"],
  ["HTTPS://ECS.Example.com", "https", "ecs.example.com"],
  ["  ecs.example.com \n", "https", "ecs.example.com"],
  ["10.0.0.1", "https", "10.0.0.1"],
  ["127.0.0.1:8080", "http", "127.0.0.1:8080"],
  ["127.9.9.9:8080", "http", "127.9.9.9:8080"],
  ["localhost", "http", "localhost"],
  ["LocalHost:8080", "http", "localhost:8080"],
  ["[::1]:8080", "http", "[::1]:8080"],
  ["http://127.0.0.1:8080", "http", "127.0.0.1:8080"],
  ["http://[::1]:8080/", "http", "[::1]:8080"],
  ["https://127.0.0.1:8443", "https", "127.0.0.1:8443"],
  // Internet names that begin like a loopback address.
  ["127.0.0.1.example.com", "https", "127.0.0.1.example.com"],
  ["localhost.example.com", "https", "localhost.example.com"],
])("parseEndpoint: %p means %s to %s", (text, protocol, host) => {
  expect(parseEndpoint(text, "ECS_ENDPOINT")).toEqual({ protocol, host });
});

test.each([
  "",
  "  ",
  "two words",
  // The parser of URLs would drop these.
  "ecs.exam\nple.com",
  "https://ecs.exam\tple.com",
  "ftp://ecs.example.com",
  "https://",
  "https://ecs.example.com/path",
  "https://ecs.example.com?query",
  "https://ecs.example.com#part",
  "https://user@ecs.example.com",
  "user:password@ecs.example.com",
  "ecs.example.com:99999",
  "ecs.example.com:port",
])("parseEndpoint: rejects %p with its source and the expected form", (text) => {
  const parse = () => parseEndpoint(text, "ECS_ENDPOINT");
  expect(parse).toThrow(EndpointError);
  expect(parse).toThrow(/^ECS_ENDPOINT: .* is not an endpoint; expected host, host:port, or a URL/);
});

test.each([
  "http://ecs.example.com",
  "http://ecs.example.com:80",
  "http://10.0.0.1:8080",
  "http://0.0.0.0:8080",
  "http://[::2]:8080",
  "http://localhost.example.com",
  "http://127.0.0.1.example.com",
  "http://128.0.0.1",
])("parseEndpoint: rejects plain http to a host that is not loopback: %p", (text) => {
  const parse = () => parseEndpoint(text, "alicloud:endpoints, ecs");
  expect(parse).toThrow(EndpointError);
  expect(parse).toThrow(
    /^alicloud:endpoints, ecs: .* is plain http to a host that is not loopback; use https/,
  );
});

test.each([
  "https://user:s3cret@ecs.example.com",
  "user:s3cret@ecs.example.com",
  "http://s3cret@127.0.0.1",
  "https://user:s3cret/s3cret@ecs.example.com",
  "https://user:1/s3cret@ecs.example.com",
  "https://user:s3cret s3cret@ecs.example.com",
  "user:s3cret#s3cret@ecs.example.com",
])("parseEndpoint: the message about %p hides the password", (text) => {
  expect(() => parseEndpoint(text, "ECS_ENDPOINT")).toThrow(/\[hidden\]@/);
  expect(() => parseEndpoint(text, "ECS_ENDPOINT")).not.toThrow(/s3cret/);
});
